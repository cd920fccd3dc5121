"""Names by origin, drawn by rank: lists of this package, and tails made of syllables.

Shared with no list of pipeline/. A drawn name's share falls with its rank as
1 / (rank + offset), with an offset that gives the most frequent ones about the share
that they have among their people: NGUYEN a third, PATEL or WANG some seven in a
hundred, SMITH one in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Names, the most frequent first, with the shares 0..1 that they have."""

    names: tuple[str, ...] = field(repr=False)
    shares: Shares = field(repr=False)


def _ranked(names: list[str], offset: float) -> Ranked:
    once = tuple(dict.fromkeys(names))
    weights = 1 / (np.arange(len(once)) + offset)
    return Ranked(once, weights / weights.sum())


def _made(heads: str, tails: str) -> list[str]:
    """Heads before tails, in an order that mixes both."""
    pairs = sorted(product(enumerate(heads.split()), enumerate(tails.split())), key=_by)
    return [head + tail for (_, head), (_, tail) in pairs]


def _by(pair: tuple[tuple[int, str], tuple[int, str]]) -> tuple[int, int]:
    return pair[0][0] * 7 + pair[1][0] * 11, pair[0][0]


_ANGLO = """
Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Thomas Taylor Moore
Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen
King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter
Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook
Rogers Morgan Peterson Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood
Watson Brooks Bennett Gray James Hughes Price Myers Long Foster Sanders Ross Powell
Sullivan Russell Jenkins Perry Butler Barnes Fisher Henderson Coleman Simmons
Patterson Jordan Reynolds Hamilton Graham Wallace West Cole Hayes Gibson Bryant
Ellis Stevens Murray Ford Marshall McDonald Harrison Kennedy Wells Woods Henry
Freeman Webb Tucker Burns Crawford Olson Simpson Porter Hunter Gordon Shaw Snyder
Mason Dixon Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Fox
Warren Mills Meyer Rice Schmidt Daniels Ferguson Nichols Stephens Weaver Ryan
Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce Hansen Peters Hart
Bradley Knight O'Brien O'Connor O'Neill McCarthy MacDonald
"""
_ANGLO_TAIL = (
    """
    Ash Bar Black Bran Brad Bur Chat Clif Cran Dal Den Dun East Elm Farn Glad Hamp
    Har Hath Hay Hol Kings Kirk Lang Lin Lock Mar Mel Mor New Nor Oak Pem Pres Rad
    Rush Sand Shel Stan Strat Suth Thorn Wal Weth Whit Win Wood Wyn
    """,
    """
    ton ley ford well wood field man by worth den ham burn shaw bridge more croft
    stead land ridge wick
    """,
)
_ANGLO_F = """
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa Nancy
Sandra Betty Ashley Emily Kimberly Margaret Donna Michelle Carol Amanda Melissa
Deborah Stephanie Rebecca Sharon Laura Cynthia Dorothy Amy Kathleen Angela Shirley
Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra Rachel Carolyn
Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly
Christina Ruth Joan Virginia Judith Evelyn Hannah Andrea Megan Cheryl Jacqueline
Madison Teresa Abigail Sophia Martha Sara Gloria Janice Kathryn Ann Isabella Judy
Charlotte Julia Grace Amber Alice Jean Denise Frances Danielle Marilyn Natalie
Beverly Diana Brittany Theresa Kayla Alexis Doris Lori Tiffany Edith Mabel Harriet
Lucille Eleanor Norma Phyllis Thelma Winifred
"""
_ANGLO_M = """
James Robert John Michael David William Richard Joseph Thomas Charles Christopher
Daniel Matthew Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian
George Timothy Ronald Jason Edward Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan
Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank
Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter
Kyle Noah Ethan Jeremy Walter Christian Keith Roger Terry Austin Sean Gerald Carl
Harold Dylan Arthur Lawrence Jordan Jesse Bryan Billy Bruce Gabriel Joe Logan Alan
Juan Albert Willie Elijah Wayne Randy Vincent Mason Roy Ralph Bobby Russell Bradley
Philip Eugene Clarence Ernest Leonard Stanley Herbert Alfred Norman Theodore Cecil
Floyd Chester Milton Rufus
"""
_HISPANIC = """
Garcia Rodriguez Martinez Hernandez Lopez Gonzalez Perez Sanchez Ramirez Torres
Flores Rivera Gomez Diaz Cruz Reyes Morales Gutierrez Ortiz Ramos Chavez Mendoza
Ruiz Alvarez Castillo Jimenez Vasquez Romero Herrera Medina Aguilar Vargas Guzman
Mendez Munoz Salazar Garza Soto Vega Delgado Contreras Guerrero Sandoval Estrada
Nunez Maldonado Dominguez Rios Ortega Luna Juarez Padilla Espinoza Silva Cortez
Figueroa Acosta Cabrera Lara Miranda Salinas Fuentes Cardenas Campos Valdez Santos
Rojas Molina Ayala Cervantes Trujillo Montoya Mejia Pacheco Velasquez Marquez
Camacho Navarro Robles Calderon Rosales Serrano Orozco Ochoa Leon Cisneros Barrera
Zamora Villarreal Santiago Escobar Avila Cantu Duran Gallegos Solis Suarez Tapia
Lozano Rangel Macias Valencia Saenz Palacios Rosario Murillo Zuniga Quintero Velez
Arias Bautista Benitez Carrillo Corona De la Cruz
"""
_HISPANIC_TAIL = (
    """
    Al Bal Bar Cal Car Cas Cor Es Fer Gal Lar Mal Mar Mon Mor Ol Par Pe Sal Se Tor
    Val Vi
    """,
    """
    ado edo illo ara era ina osa eda ano ales estra andra mora varez cano ejo uela
    eros
    """,
)
_HISPANIC_F = """
Maria Guadalupe Juana Margarita Rosa Carmen Teresa Ana Francisca Josefina Elena
Isabel Leticia Silvia Patricia Yolanda Veronica Alejandra Gabriela Adriana Lucia
Claudia Monica Sofia Valeria Daniela Ximena Camila Mariana Fernanda Esperanza
Dolores Consuelo Mercedes Pilar Rocio Beatriz Graciela Norma Irma Martha Gloria
Alicia Estela Luz Amparo Blanca Socorro Ofelia Araceli Lourdes Marisol Esther Raquel
Yesenia Paola
"""
_HISPANIC_M = """
Jose Juan Luis Carlos Francisco Antonio Miguel Jesus Manuel Pedro Alejandro Jorge
Fernando Ricardo Roberto Eduardo Javier Rafael Sergio Raul Ramon Alberto Arturo
Enrique Mario Martin Oscar Ruben Hector Julio Daniel Victor Salvador Gerardo
Guillermo Cesar Gustavo Andres Diego Santiago Mateo Sebastian Emiliano Ignacio
Felipe Rodrigo Armando Alfredo Ernesto Gilberto Rogelio Lorenzo Agustin Pablo Marcos
Ismael Rene Hugo
"""
_CHINESE = """
Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo
Zheng Liang Xie Song Tang Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai
Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Lo Yao Shen Zhong Tan Wong Chan Cheung Lau
Leung Ng Ho Chow Kwok Tsang Yip Cheng Fong Mak Lam Tse Yeung Szeto Ouyang
"""
_CHINESE_ONE = """
Wei Jing Li Xiao Yan Min Jun Hong Mei Ying Hui Ping Jian Yu Xin Wen Zhi Guo Chun Shu
Lan Qing Feng Hai Bo Ming Dong Yi Jia Rui
"""
_CHINESE_TWO = """
hua ling fang lan ping min jun wei ying hong juan feng qiang ming yan jie tao lei
bin gang na li mei yun zhen dong yu xia hui chao
"""
_VIETNAMESE = """
Nguyen Tran Le Pham Huynh Hoang Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dao Dinh Doan
Trinh Truong Lam Mai Luong Cao Chau Ta Thai Ha Quach Luu To Tang Kieu
"""
_VIETNAMESE_F = """
Thi Anh|Thi Hoa|Thi Lan|Thi Mai|Thu Ha|Thi Huong|Ngoc Anh|Thi Thu|Kim Anh|
Thi Nga|Thanh Thuy|Thi Hong|Minh Chau|Thi Ngoc|Bich Ngoc|Thi Kim|Phuong Anh|
Thi Tuyet|Hong Nhung|Thi Phuong|My Linh|Thi Thanh|Thuy Trang|Thi Loan|Quynh Nhu|
Thi Dung|Kim Loan|Thi Yen|Bao Ngoc|Thi Hanh|Linh|Trang|Thao|Hien|Lien|Cuc|Diem|
Uyen|Van|Xuan
"""
_VIETNAMESE_M = """
Van Hung|Van Minh|Duc Anh|Van Tuan|Quoc Bao|Van Dung|Minh Tuan|Van Nam|
Thanh Long|Van Hai|Huu Phuoc|Van Thanh|Quang Huy|Van Son|Hoang Nam|Van Tam|
Dinh Phuc|Van Cuong|Ngoc Son|Van Duc|Tien Dat|Van Long|Trung Kien|Van Hoa|
Xuan Truong|Van Binh|Phuc|Khanh|Thang|Tung|Vinh|Dat|Khoa|Loc|Nghia|Tin|Trung|
Viet|Quan|Hieu
"""
_ARABIC = """
Mohamed Ahmed Ali Hassan Ibrahim Khalil Mahmoud Abdullah Hussein Saleh Omar Osman
Mansour Nasser Haddad Khoury Saad Hamdan Aziz Salem Yousef Abdi Farah Sharif Amin
Darwish Qasim Rashid Taha Sayed Awad Bakr Fadel Ghanem Hakim Issa Jaber Kassem
Mustafa Najjar Odeh Rahman Sabbagh Shaheen Suleiman Tawfiq Warsame Zaki Zidan Abbas
Barakat Al-Hashimi Al-Masri Al-Najjar Al-Rashid Al-Saadi Al-Sayed Abdelrahman
El-Amin El-Sayed El-Khatib Abu-Bakr Abu-Zaid Bin-Said Nasr Halabi Shami Baghdadi
Tikriti Basri Maliki
"""
_ARABIC_TAIL = (
    """
    Ab Ham Kar Mas Nab Qar Sab Sal Tar Zah Jab Fay Ghaz Hal Iss Jam Khal Laf Mur
    Nad
    """,
    """
    adi ani awi oun eddin allah mani rawi shi bari dawi fi lawi mi
    """,
)
_ARABIC_F = """
Fatima Aisha Khadija Maryam Zainab Amina Layla Noor Sara Hanan Samira Huda Salma
Rania Nadia Dina Yasmin Amal Iman Mona Rasha Suha Wafa Zahra Hiba Lina Maha Najwa
Rana Reem Sahar Samar Sumaya Ghada Hala Jamila Karima Lubna Manal Nisreen
"""
_ARABIC_M = """
Mohamed Ahmed Ali Omar Hassan Hussein Ibrahim Khalid Mahmoud Yousef Abdullah Mustafa
Hamza Bilal Tariq Karim Samir Nabil Rashid Faisal Walid Ziad Adel Bassam Fadi
Ghassan Hani Imad Jamal Kamal Majid Nader Osama Rami Saeed Sami Wael Yasser Zakaria
Abdulrahman Abdulaziz Abdirahman Mohammad Muhammad Mohammed
"""
_SOUTH_ASIAN = """
Patel Singh Kumar Sharma Shah Gupta Khan Reddy Rao Ali Kaur Joshi Desai Mehta Jain
Agarwal Iyer Nair Menon Pillai Das Roy Ghosh Banerjee Mukherjee Chatterjee Bose
Dutta Sen Verma Mishra Pandey Tiwari Yadav Chauhan Malhotra Kapoor Khanna Chopra
Bhatia Sethi Arora Ahuja Grewal Gill Sandhu Dhillon Sidhu Bhatt Trivedi Parikh Modi
Naidu Varma Krishnan Raman Subramanian Venkatesan Rahman Hossain Akhtar Malik
Hussain Chowdhury Begum Siddiqui Qureshi Sheikh Mirza Butt Perera Fernando Silva
Bandara Thapa Gurung Shrestha
"""
_SOUTH_ASIAN_TAIL = (
    """
    Bal Chan Dev Ga Gop Hari Jay Kal Lak Mad Nar Pad Raj Ram San Sub Sun Ven Vis
    Yog
    """,
    """
    krishna nathan esh swamy ani kar walla rajan dar puri gowda ratne
    """,
)
_SOUTH_ASIAN_F = """
Priya Anita Sunita Lakshmi Geeta Meena Rekha Kavita Asha Usha Sita Radha Neha Pooja
Divya Anjali Deepa Shanti Lata Nisha Rani Sarita Savita Sudha Swati Uma Vidya Aarti
Bhavna Chitra Indira Jyoti Kamala Leela Manju Padma Parvati Ritu Shobha Smita Simran
Harpreet Manpreet Jasleen Fatima Ayesha Nasreen Parveen Rukhsana Shabana
"""
_SOUTH_ASIAN_M = """
Raj Amit Sanjay Rajesh Suresh Ramesh Vijay Anil Sunil Ashok Ravi Rahul Arjun Vikram
Deepak Manoj Prakash Rakesh Mahesh Dinesh Mukesh Naresh Ajay Arun Ganesh Gopal Hari
Krishna Mohan Nikhil Pradeep Rohit Sandeep Satish Shyam Srinivas Venkat Vinod
Harpreet Gurpreet Manjit Balwinder Imran Asif Tariq Faisal Javed Rashid Salman Zahid
"""
_SLAVIC = """
Ivanov Petrov Kowalski Nowak Novak Horvat Jovanovic Petrovic Kovac Popov Smirnov
Kuznetsov Volkov Sokolov Lebedev Kozlov Morozov Wisniewski Wojcik Kaminski
Lewandowski Zielinski Szymanski Wozniak Dabrowski Kovalenko Shevchenko Bondarenko
Tkachenko Kravchenko Boyko Melnyk Svoboda Dvorak Cerny Prochazka Kucera Nikolic
Markovic Djordjevic Stojanovic Ilic Pavlovic Babic Maric Knezevic Dimitrov Georgiev
Todorov Stoyanov
"""
_SLAVIC_TAIL = (
    """
    Bor Bog Dem Fed Grig Gor Iva Kos Krav Laz Luk Mak Mar Mir Nov Ost Pav Pet Rad
    Rom Sav Sem Sid Stan Tar Tim Vas Vlad Yur Zah
    """,
    """
    enko ov ski ovic yuk chuk ev owski ak ek inski oviak
    """,
)
_SLAVIC_F = """
Anna Maria Katarzyna Olga Elena Irina Natalia Tatiana Svetlana Ekaterina Ivana
Jelena Marija Milica Agnieszka Malgorzata Ewa Barbara Krystyna Zofia Halina Jadwiga
Oksana Ludmila Galina Nina Vera Nadezhda Larisa Yulia Daria Anastasia Petra Jana
Hana Lenka Veronika Zuzana Dragana Snezana Ljiljana Gordana Biljana Vesna Kateryna
Iryna
"""
_SLAVIC_M = """
Ivan Aleksandr Sergei Dmitri Andrei Aleksei Mikhail Nikolai Vladimir Yuri Igor Oleg
Viktor Pavel Piotr Krzysztof Andrzej Tomasz Jan Marek Grzegorz Wojciech Jerzy
Stanislaw Nikola Marko Milan Dragan Zoran Goran Petar Stefan Luka Filip Jakub Tomas
Jiri Josef Frantisek Vaclav Mykola Oleksandr Bohdan Taras Vasyl Petro Volodymyr
Dmytro
"""


def _lines(text: str) -> list[str]:
    return [" ".join(name.split()) for name in text.split("|") if name.strip()]


def _hispanic() -> list[str]:
    *names, _de, _la, _cruz = _HISPANIC.split()
    return [*names, "De la Cruz", *_made(*_HISPANIC_TAIL)]


def _chinese_givens() -> list[str]:
    return [*_made(_CHINESE_ONE, _CHINESE_TWO), *_CHINESE_ONE.split()]


def _asian_families() -> list[str]:
    return [*_SOUTH_ASIAN.split(), *_made(*_SOUTH_ASIAN_TAIL)]


FAMILIES = {
    "anglo": _ranked([*_ANGLO.split(), *_made(*_ANGLO_TAIL)], 12),
    "hispanic": _ranked(_hispanic(), 4),
    "chinese": _ranked(_CHINESE.split(), 3),
    "vietnamese": _ranked(_VIETNAMESE.split(), 0.8),
    "arabic": _ranked([*_ARABIC.split(), *_made(*_ARABIC_TAIL)], 4),
    "south asian": _ranked(_asian_families(), 3),
    "slavic": _ranked([*_SLAVIC.split(), *_made(*_SLAVIC_TAIL)], 15),
}
GIVENS = {
    "anglo": {"F": _ranked(_ANGLO_F.split(), 12), "M": _ranked(_ANGLO_M.split(), 10)},
    "hispanic": {
        "F": _ranked(_HISPANIC_F.split(), 5),
        "M": _ranked(_HISPANIC_M.split(), 6),
    },
    "chinese": dict.fromkeys("FM", _ranked(_chinese_givens(), 60)),
    "vietnamese": {
        "F": _ranked(_lines(_VIETNAMESE_F), 10),
        "M": _ranked(_lines(_VIETNAMESE_M), 10),
    },
    "arabic": {"F": _ranked(_ARABIC_F.split(), 6), "M": _ranked(_ARABIC_M.split(), 5)},
    "south asian": {
        "F": _ranked(_SOUTH_ASIAN_F.split(), 15),
        "M": _ranked(_SOUTH_ASIAN_M.split(), 15),
    },
    "slavic": {"F": _ranked(_SLAVIC_F.split(), 8), "M": _ranked(_SLAVIC_M.split(), 8)},
}
NICKNAMES = {
    "Elizabeth": "Liz Beth Betty", "Margaret": "Peggy Maggie",
    "Katherine": "Kathy Kate",
    "Patricia": "Pat Patty", "Susan": "Sue", "Barbara": "Barb",
    "Jennifer": "Jen Jenny",
    "Deborah": "Debbie", "Rebecca": "Becky", "Kimberly": "Kim", "Judith": "Judy",
    "Christine": "Chris Tina", "Victoria": "Vicky", "Dorothy": "Dot", "Pamela": "Pam",
    "Samantha": "Sam", "Catherine": "Cathy", "Cynthia": "Cindy", "Theresa": "Terry",
    "James": "Jim Jimmy", "Robert": "Bob Rob", "John": "Jack Johnny",
    "Michael": "Mike",
    "William": "Bill Will", "Richard": "Dick Rick", "Joseph": "Joe", "Thomas": "Tom",
    "Charles": "Charlie Chuck", "Christopher": "Chris", "Daniel": "Dan",
    "Donald": "Don",
    "Matthew": "Matt", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy Drew",
    "Kenneth": "Ken", "Timothy": "Tim", "Ronald": "Ron", "Edward": "Ed Ted",
    "Jeffrey": "Jeff", "Gregory": "Greg", "Benjamin": "Ben", "Samuel": "Sam",
    "Raymond": "Ray", "Lawrence": "Larry", "Nicholas": "Nick", "Theodore": "Ted",
    "Francisco": "Paco Pancho", "Jose": "Pepe", "Guadalupe": "Lupe", "Ignacio": "Nacho",
    "Guillermo": "Memo", "Rosario": "Charo", "Dolores": "Lola", "Aleksandr": "Sasha",
    "Mikhail": "Misha", "Ekaterina": "Katya", "Anastasia": "Nastya", "Dmitri": "Dima",
    "Mohamed": "Moe", "Abdulrahman": "Abdul", "Rajesh": "Raj", "Krzysztof": "Krzys",
}  # fmt: skip
"""Short forms in daily use, several of which no list of pipeline/ has."""

_STREETS = """
Alder Beacon Birch Briar Canal Cedar Chapel Cherry Chestnut Clay Cliff Court Creek
Dogwood Fern Forest Garden Grove Harbor Hazel Hickory Highland Juniper Laurel Liberty
Linden Magnolia Maple Meadow Mill Mulberry Orchard Park Pearl Pleasant Poplar Prospect
Quarry Ridge River School Spring Summit Sycamore Union Valley Vine Walnut Willow
"""
_KINDS = ("Street", "Avenue", "Road", "Lane", "Drive")
STREETS = tuple(f"{name} {kind}" for name, kind in product(_STREETS.split(), _KINDS))
