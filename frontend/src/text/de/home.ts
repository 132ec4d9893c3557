/** The start. */
export const home = {
  "Needs you": "Braucht Sie",
  "Approvals to give": "Freigaben zu erteilen",
  "Plans to look at": "Pläne anzusehen",
  "Runs in doubt": "Läufe im Zweifel",
  "Failed runs": "Fehlgeschlagene Läufe",
  "Nothing waits for you. What needs a decision comes here by itself.":
    "Nichts wartet auf Sie. Was eine Entscheidung braucht, kommt von selbst hierher.",
  until: "bis",
  "What ran": "Was lief",
  "All runs": "Alle Läufe",
  "Choose a template": "Eine Vorlage wählen",
  "Nothing has run yet. A template is the quickest way to the first run: simulate it, and nothing is written.":
    "Noch ist nichts gelaufen. Eine Vorlage führt am schnellsten zum ersten Lauf: Simulieren schreibt nichts.",
  "All connections": "Alle Verbindungen",
  "No connection yet. A connection is a saved sign-in to an outside service.":
    "Noch keine Verbindung. Eine Verbindung ist eine gespeicherte Anmeldung bei einem anderen Dienst.",
  "{n} does not work": "{n} geht nicht",
  "{n} do not work": "{n} gehen nicht",
  Sandboxes: "Sandboxen",
  answers: "antwortet",
  "does not answer": "antwortet nicht",
  "{n} way to misbehave": "{n} Störung",
  "{n} ways to misbehave": "{n} Störungen",
} as const;
