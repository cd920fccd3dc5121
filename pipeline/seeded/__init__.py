"""Made-up paper with known answers, to measure how wakeful a clerk is."""
