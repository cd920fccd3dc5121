"""The label words in real use, by field and by role.

Phrases are in the normal form of labels.py: small letters, no full stops.
"""

from __future__ import annotations

# "N" stands for #, no, nr, num, number or nothing; "I" for id, identification.
FIELDS = {
    "mrn": """mrn; mrn N; mr N; mr; med rec N; med record N; medical rec N; m r n;
        medical record N; record number; record no; record #; chart N; chart;
        hosp N; hospital number; hospital no; hospital #; unit number; unit no;
        unit #; patient I; patient number; patient no; patient #; pt I; pt number;
        pt no; pt #; history number; history no; mpi; hrn; medical records N;
        patient identification number; patient record N; health record N; pat I;
        pat no; pat #; pat number; chart I; patient mrn; pt mrn; facility mrn; mr-no;
        medrec N; history #; history no; rec #; rec no; patient nbr; emr #; emr no;
        mrn / acct; mrn / account; mrn / csn; mrn / id; med rec / acct""",
    "account": """acct N; account N; acct; fin N; billing N; har; patient account N;
        patient acct N; hospital account N; bill N""",
    "encounter": """encounter N; encounter I; enc N; visit N; visit I; csn; csn N;
        adm number; adm no; adm #; admission number; admission no; admission #;
        episode N; contact serial number; case management N""",
    "born": """dob; birth; date of birth; birth date; birthdate; bdate; b date; born;
        birthday; birth dt; d o b; date birth; patient dob; pt dob; patients dob;
        patient date of birth; patients date of birth; patient birth date; dob date;
        patient birthdate; patients birthdate; patients birth date; pt birth date;
        pt date of birth; date born; b / d; b-date; birth-date; date-of-birth;
        dob / age; dob / sex; dob / age / sex; dob / sex / age;
        birthdate / age; birth date / age; birth date / sex; date of birth / age;
        date of birth / sex; birthdate / sex""",
    "name": """name; patient name; pt name; patients name; patient; pt;
        name of patient; re; regarding; resident; resident name; client name; client;
        full name; patient full name; name of the patient; legal name;
        patient name last first mi; name last first; name last first middle;
        name last first mi; pts name; patient legal name; reference; in re; pat name;
        patients full name; patients legal name; full legal name; name of resident;
        residents name; clients name; patient name / id; patient name / mrn;
        patient name / dob; patient / dob; patient / mrn; name / dob; name / mrn;
        name / id; patient / resident; ordered for; appointment for;
        chart of; records of; examinee; examinee name; person served; veteran;
        veteran name; veterans name; patientname; decedent; decedent name; deceased;
        name of deceased; claimant; claimant name; injured worker; participant;
        participant name; name of child; name of minor; person appointing; principal""",
    "family": "last name; surname; family name; last; patient last name",
    "given": "first name; given name; first; patient first name; forename",
    "middle": "middle name; middle initial; middle; mi",
    "sex": "sex; gender; patient sex; birth sex",
    "age": "age; age sex; patient age; age gender",
    "address": """address; home address; street address; patient address; addr; street;
        mailing address; residence""",
    "phone": """phone; phone N; home phone; cell; cell phone; telephone; tel;
        telephone N; mobile; daytime phone; patient phone; home tel; contact number;
        phone home""",
    "ssn4": """ssn; ss N; ssn N; soc sec N; social security N; social security;
        ssn last 4; last 4 ssn; last four ssn""",
    "service date": """date of service; service date; dos; visit date; date of visit;
        exam date; date of exam; date of examination; examination date; study date;
        date of study; procedure date; date of procedure; date of operation;
        operation date; date of surgery; surgery date; collected; date collected;
        collection date; specimen collected; encounter date; date of encounter;
        date of consultation; consultation date; consult date; date of consult;
        test date; date of test; performed; date performed; performed on;
        date of evaluation; evaluation date; date seen; seen on; seen; arrival date;
        arrival; date of arrival; arrived; date of delivery; delivery date;
        date of treatment; treatment date; session date; date of session; exam;
        examined; date taken; taken; recorded; date recorded; tracing date;
        date of tracing; date drawn; drawn; collected on; specimen date; specimen taken;
        service rendered; dates of service; date of recording; date of note;
        note date; date of assessment; assessment date; date written; ordered;
        records dated; dates of records; date of records; record date; executed on;
        date executed; date of request; date copied; copy made; list updated;
        date reviewed; date started; from 0700; date of anesthesia; date of mammogram;
        week of; week beginning;
        order date; date ordered; date of order; date given; date of contact;
        date of transfer; transfer date; run date of service; incident date;
        date of transport; date of clinic visit; clinic date;
        date of referral; referral date; date of death; died; expired on;
        date of call""",
    "admitted": """admit date; admission date; date of admission; admitted; adm date;
        admit; adm; date admitted; adm dt; admission; admitted on; admit dt;
        admission dt; date of adm""",
    "discharged": """discharge date; date of discharge; discharged; disch date; disch;
        dc date; d c date; date discharged; discharge; discharged on; date of disch;
        d / c date; d / c""",
    "received": """received; date received; received date; received on; recd;
        specimen received; rec d; date recd""",
    "printed": """printed; print date; date printed; printed on; run date; faxed;
        fax date; report printed; date of printing; date faxed; faxed on; run on;
        print time; copied; scanned; date scanned; printed by""",
    "dictated": """dictated; date dictated; dictation date; d; dd; date of dictation;
        dictated on""",
    "transcribed": "transcribed; date transcribed; typed; t; dt; transcription date",
    "signed": """signed; date signed; electronically signed; reported; date reported;
        report date; date of report; resulted; signed on; result date; verified;
        approved; completed; date completed; signature date; final; issued""",
    "dated": "date; date and time; date time; todays date; date / time; letter date",
    "effective": "effective date; effective; effective from; valid from",
    "page_of": "page; pg",
    "form_id": "form; form N; form rev",
    "other date": """next appointment; follow up date; expires; expiration date; lmp;
        edc; edd; date of injury; injury date; onset; date of onset;
        date of accident; last visit; date of last visit; previous visit; next visit;
        return date; appointment; appointment date; last menstrual period; due date;
        valid until;
        expiration; revised; rev; exp date; follow up on; previous exam; prior exam;
        compared with; compared to; comparison date; comparison study; prior study;
        comparison; date of last; next dose; vis date; date due; hire date; as of""",
    "other": """accession N; case N; policy N; member I; group N; order N; claim N;
        specimen N; license N; dea N; npi; tax id; lot N; fax; fax N; room; room N;
        bed; invoice N; authorization N; serial N; extension; ref N; our file;
        our ref; your ref; case id; subscriber I; certificate N; unit; location;
        ward; service; department; dept; race; religion; marital status; occupation;
        insurance; height; weight; diagnosis; procedure; specimen; employer; plan;
        time; status; allergies; medicare N; medicaid N; hic N; policy; relationship;
        relation;
        relation to patient; relationship to patient;
        city; state; zip; zip code; language; ethnicity; pharmacy; job N; document N;
        file N; study; study N; film N; lab N; id N; sample N; financial class;
        doc N; report N; prescription N; rx N; mobile N; pager; clinic; facility;
        hospital; email; county; blood type; chief complaint; type of exam; examination;
        requested; priority; modality; reason for visit; reason for consultation;
        patient status; patient class; patient location; patient type; visit type""",
}  # fmt: skip
ROLES = {
    "clinician": """physician; attending; attending physician; attending md;
        referring physician; referred by; referring provider; dictated by; ref md;
        ordering physician; ordering provider; ordered by; primary care physician;
        pcp; provider; surgeon; assistant; assistant surgeon; anesthesiologist;
        consultant; radiologist; pathologist; requesting physician; requested by;
        interpreted by; signed by; reviewed by; read by; performed by; ordering md;
        electronically signed by; admitting physician; primary physician; nurse;
        therapist; technologist; technician; dr; doctor; seen by; verified by;
        author; collected by; transcribed by; administered by; prescriber;
        counselor; primary care provider; attending provider; consulting physician;
        responsible physician; family physician; anesthetist; first assistant;
        scrub nurse; circulating nurse; given by; reported by; cosigned by;
        examiner; operator; staff; triage nurse; charge nurse; midwife; obstetrician;
        psychiatrist; psychologist; interpreter; accepting physician;
        transferring physician; surgeon name; physician name; provider name;
        physician signature; noted by; copied by; recorded by; taken by;
        approved by; prepared by; certifier; medical examiner; evaluator;
        triaged by; delivered by; endoscopist; cardiologist; referring; ordering;
        consulting; dictating; interpreting; requesting; referring md; ref physician;
        ref phys; ref provider; attending phys; adm physician; admitting md;
        ordering phys; dictating physician; dictating provider; signing physician;
        reading physician; performing physician; supervising physician; primary md;
        rendering provider; personal physician; family doctor; hospitalist; att phys;
        ref by;
        authenticated by; authorized by; dispensed by; neurologist; oncologist""",
    "guarantor": """guarantor; responsible party; subscriber; insured; policy holder;
        policyholder; member name; cardholder; card holder; insureds; subscribers;
        guarantors; person responsible; guar; resp party; insd; subscr""",
    "signer": "signature; completed by; filled out by",  # the patient or another
    "likely": "patient signature; patients signature; signature of patient",
    "disputed": "bill to; billed to; account holder",  # who pays, patient or not
    "mother": """mother; mothers; maternal; baby of; newborn of; infant of; b / o;
        baby boy of; baby girl of; mother of baby; mothers maiden""",
    "father": "father; fathers; father of baby",
    "newborn": "newborn; infant; baby; neonate; child",
    "donor": "donor; organ donor; donors; living donor",
    "dependent": "dependent; dependents; dep; dependent name",
    "contact": """emergency contact; next of kin; nok; contact person; contact;
        spouse; husband; wife; relative; parent; guardian; notify; person to notify;
        in case of emergency; in case of emergency notify; agent; informant;
        health care agent; proxy; health care proxy; surrogate; legal guardian;
        witness; witnesses; witnessed by; notary; caregiver; power of attorney;
        accompanied by; son; daughter; brother; sister; partner; alternate agent;
        nearest relative; parent / guardian; parent or guardian; patient or guardian;
        relative or guardian; authorized representative; personal representative;
        legal representative; representative; roommate""",
    "addressee": """to; attention; attn; cc; dear; copy to; sent to; recipient;
        copies to; c c; release to; disclose to; mail to; report to; from""",
    "other authority": """outside; their; referring facility; other facility;
        outside facility; external; transferring facility""",
}  # fmt: skip
EXPAND = {
    "N": ("#", "no", "nr", "nbr", "num", "number", "no #", ""),
    "I": ("id", "id #", "id no"),
}
# Words that need a colon, a number sign or an empty rest of the cell to be labels.
_WEAK = """
patient; pt; re; regarding; name; resident; client; born; date; sex; page; pg; visit;
account; acct; chart; admit; adm; admission; admitted; discharge; discharged; disch;
received; d; t; dd; dt; first; last; middle; mi; age; exam; seen; form; unit; cell;
street; printed; signed; collected; performed; recorded; taken; drawn; mr; record;
encounter; episode; bill; billing; reported; dictated; typed; arrival; arrived;
ordered; final; verified; approved; completed; reference; residence; tel; mobile;
address; case; issued; died; effective; har; fin; examined; surname; gender;
medical record;
medical records; patient record; med rec; b / d; b/d; pat id; medrec
"""
WEAK = frozenset(" ".join(phrase.split()) for phrase in _WEAK.split(";"))
