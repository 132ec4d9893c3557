/** What the templates are called, and what each is for. */
export const templates = {
  "Audit and compliance reporting": "Nachweise und Berichte für die Prüfung",
  "What ran, changed, was approved and published in Exstream is kept, with who did it and what the directory said of them then, so that nobody can change it unnoticed.":
    "Was in Exstream lief, sich änderte, freigegeben und veröffentlicht wurde, wird aufbewahrt, mit dem, der es tat, und dem, was das Verzeichnis damals über ihn sagte; niemand kann es unbemerkt ändern.",
  "Delegated regional administration": "Regionale Verwaltung",
  "Regional administrators act in Exstream in their own domains only; the hub holds the one credential and keeps the border.":
    "Regionale Verwalter handeln in Exstream nur in ihren eigenen Domänen; der Hub hat den einen Zugang und bewacht die Grenze.",
  "Group-based distribution lists": "Verteiler nach Gruppen",
  "When a job in Exstream completes, fails or is canceled, the people of your directory groups are told, each of them once.":
    "Wenn ein Auftrag in Exstream fertig ist, scheitert oder abgebrochen wird, erfahren es die Personen Ihrer Verzeichnisgruppen, jede einmal.",
  "Template governance": "Aufsicht über Vorlagen",
  "What your policy says about who may create, edit, approve and publish templates is compared with the roles in Exstream and with what people did; what differs is told and repaired by a plan.":
    "Was Ihre Richtlinie darüber sagt, wer Vorlagen anlegen, ändern, freigeben und veröffentlichen darf, wird mit den Rollen in Exstream und dem verglichen, was getan wurde; was abweicht, wird gemeldet und mit einem Plan behoben.",
  "Joiner, mover, leaver provisioning": "Eintritt, Wechsel, Austritt",
  "Whoever joins, moves or leaves gets, changes or loses access in Exstream, because the directory says so.":
    "Wer eintritt, wechselt oder geht, erhält, ändert oder verliert den Zugang in Exstream, weil das Verzeichnis es sagt.",
  "Role-based template access": "Zugang zu Vorlagen nach Rollen",
  "Who sees which templates and output jobs in Exstream follows from people's departments, roles and groups in the directory.":
    "Wer in Exstream welche Vorlagen und Ausgabeaufträge sieht, folgt aus Abteilung, Rollen und Gruppen im Verzeichnis.",
  "Routing by business unit": "Verteilung nach Geschäftsbereich",
  "Each request goes to the Exstream service, and with the flow variables, that a rule table gives for its owner.":
    "Jede Anfrage geht an den Exstream-Dienst und mit den Flussvariablen, die eine Regeltabelle für ihren Besitzer angibt.",
  "Secure approval of communications": "Sichere Freigabe von Schreiben",
  "Whatever is submitted for approval in Exstream is decided by the right people, in stages, and the decision is written back.":
    "Über das, was in Exstream zur Freigabe eingereicht wird, entscheiden die Richtigen, in Stufen; die Entscheidung wird zurückgeschrieben.",
} as const;
