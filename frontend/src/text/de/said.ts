/** Sentences that the hub makes of a draft, a trigger or a rule table; {names} are filled with what it gives. */
export const said = {
  '"empty" is true or false, and stands alone': "„empty“ ist wahr oder falsch und steht allein",
  '"{cron}" is not a cron rule: {error}.': "„{cron}“ ist keine Cron-Regel: {error}.",
  '"{held}" is no format of a document.': "„{held}“ ist kein Format eines Dokuments.",
  '"{rest}" of the path "{path}" cannot be read. Write one such as $.customer.iban.':
    "„{rest}“ des Pfades „{path}“ ist nicht lesbar. Schreiben Sie einen wie $.customer.iban.",
  '"{source}" cannot be asked for through a connection of {connector}.':
    "„{source}“ kann nicht über eine Verbindung von {connector} erfragt werden.",
  '"{zone}" is not a time zone. Use a name such as Europe/Berlin.':
    "„{zone}“ ist keine Zeitzone. Nehmen Sie einen Namen wie Europe/Berlin.",
  "A body cannot hold steps of the kind {kind}.":
    "In einem Schritt können keine Schritte der Art {kind} stehen.",
  'A case of step "{step}" lacks a name or a condition.':
    "Einem Fall des Schritts „{step}“ fehlt ein Name oder eine Bedingung.",
  "A cron rule has five fields: minute, hour, day of month, month, day of week.":
    "Eine Cron-Regel hat fünf Felder: Minute, Stunde, Tag des Monats, Monat, Wochentag.",
  "A rule table holds plain values. Write the expression in the step's record, and compare it here.":
    "In einer Regeltabelle stehen einfache Werte. Schreiben Sie den Ausdruck in den Datensatz des Schritts und vergleichen Sie hier.",
  "A schedule needs either a cron rule or an interval in seconds, not both.":
    "Ein Zeitplan braucht eine Cron-Regel oder einen Abstand in Sekunden, nicht beides.",
  "A workflow cannot be its own error workflow.":
    "Ein Workflow kann nicht sein eigener Fehler-Workflow sein.",
  "A workflow document is a JSON object.": "Ein Workflow-Dokument ist ein JSON-Objekt.",
  "There is no such {what} in this workspace.": "In diesem Arbeitsbereich gibt es das nicht: {what}.",
  run: "Lauf",
  plan: "Plan",
  workflow: "Workflow",
  connection: "Verbindung",
  approval: "Freigabe",
  version: "Version",
  trigger: "Auslöser",
  notice: "Mitteilung",
  "This is missing.": "Das fehlt.",
  "The value {complaint}.": "Der Wert {complaint}.",
  "The input does not have the shape that this workflow expects. Nothing was started.":
    "Die Eingabe hat nicht die Form, die dieser Workflow erwartet. Nichts wurde begonnen.",
  "Add a step.": "Fügen Sie einen Schritt ein.",
  "Add it.": "Fügen Sie es ein.",
  "Add one.": "Fügen Sie einen ein.",
  'An edge goes {end} "{name}", which is no step.': "Ein Weg führt {end} „{name}“, und das ist kein Schritt.",
  from: "von",
  to: "zu",
  "An interval is a whole number of seconds, at least {least}.":
    "Ein Abstand ist eine ganze Zahl von Sekunden, mindestens {least}.",
  'Begin with "=", such as =item.name.': "Beginnen Sie mit „=“, etwa =item.name.",
  'Begin with "=", such as =trigger.count > 3.': "Beginnen Sie mit „=“, etwa =trigger.count > 3.",
  "Begin with a small letter; go on with small letters, digits and _, at most 63 in all.":
    "Beginnen Sie mit einem kleinen Buchstaben; dann kleine Buchstaben, Ziffern und _, zusammen höchstens 63.",
  "Bodies are in bodies more than {most} deep.": "Schritte stehen tiefer als {most}-fach ineinander.",
  'Choose "stop" or "collect".': "Wählen Sie „stop“ oder „collect“.",
  "Choose a connection of this workspace.": "Wählen Sie eine Verbindung dieses Arbeitsbereichs.",
  "Choose a connection of {wanted}.": "Wählen Sie eine Verbindung von {wanted}.",
  "Choose a connection.": "Wählen Sie eine Verbindung.",
  "Choose a reconcile.": "Wählen Sie einen Abgleich.",
  "Choose a step that leads here.": "Wählen Sie einen Schritt, der hierher führt.",
  "Choose an action.": "Wählen Sie eine Aktion.",
  "Choose an event.": "Wählen Sie ein Ereignis.",
  "Choose another workflow.": "Wählen Sie einen anderen Workflow.",
  "Choose one.": "Wählen Sie eines.",
  "Choose what happens to missed fires: {choices}.":
    "Wählen Sie, was mit verpassten Terminen geschieht: {choices}.",
  "Correct it.": "Berichtigen Sie es.",
  "Correct the table.": "Berichtigen Sie die Tabelle.",
  "Correct the value.": "Berichtigen Sie den Wert.",
  'Did you mean "{name}"?': "Meinten Sie „{name}“?",
  "Draw a way from that step to this one, or read another step.":
    "Ziehen Sie einen Weg von jenem Schritt zu diesem, oder lesen Sie einen anderen.",
  "Draw more ways, or join fewer.": "Ziehen Sie mehr Wege, oder führen Sie weniger zusammen.",
  "Every {every_seconds} seconds": "Alle {every_seconds} Sekunden",
  "Export one to see its shape.": "Geben Sie einen aus, um die Form zu sehen.",
  "Fill it in, or map a value to it.": "Füllen Sie es aus, oder ordnen Sie ihm einen Wert zu.",
  "Fill it in.": "Füllen Sie es aus.",
  "Give a value for each column.": "Geben Sie jeder Spalte einen Wert.",
  "Give names and values.": "Geben Sie Namen und Werte an.",
  "It has: {names}.": "Er hat: {names}.",
  "Lists and objects are nested too deeply.": "Listen und Objekte sind zu tief verschachtelt.",
  "Map a value to it.": "Ordnen Sie ihr einen Wert zu.",
  "Mend the expression.": "Berichtigen Sie den Ausdruck.",
  "Mend the schema.": "Berichtigen Sie das Schema.",
  "Move it up, narrow those above, or remove it.":
    "Rücken Sie sie nach oben, machen Sie die darüber enger, oder entfernen Sie sie.",
  "Move it.": "Verschieben Sie ihn.",
  "Names, [*] for every item, ..name at any depth.":
    "Namen, [*] für jeden Eintrag, ..name in beliebiger Tiefe.",
  "Nest them less.": "Verschachteln Sie weniger.",
  'No connector offers the event "{source}".': "Kein Konnektor bietet das Ereignis „{source}“.",
  "No row covers {gap}.": "Keine Zeile deckt ab: {gap}.",
  "Nothing can follow a stop.": "Auf ein Ende kann nichts folgen.",
  'Nothing is called "{name}" here.': "Nichts heißt hier „{name}“.",
  "Nothing is called {name} here.": "Nichts heißt hier {name}.",
  "Publish it first.": "Veröffentlichen Sie ihn zuerst.",
  "Put what it refers to under $defs, and write #/$defs/<name>.":
    "Setzen Sie das Gemeinte unter $defs, und schreiben Sie #/$defs/<Name>.",
  "Remove it.": "Entfernen Sie es.",
  "Remove one of the edges of the cycle.": "Entfernen Sie einen der Wege des Kreises.",
  "Remove one of the edges.": "Entfernen Sie einen der Wege.",
  "Remove the edge.": "Entfernen Sie den Weg.",
  "Rename it.": "Benennen Sie ihn um.",
  "Rename one of them.": "Benennen Sie einen davon um.",
  "Row {number} is never reached: rows above it match first.":
    "Zeile {number} wird nie erreicht: Zeilen darüber treffen zuerst zu.",
  'Row {row}, column "{name}" {wrong}.': "Zeile {row}, Spalte „{name}“: {wrong}.",
  "Row {number}: {part}": "Zeile {number}: {part}",
  "Rows {first} and {second} can match the same record; {what}.":
    "Die Zeilen {first} und {second} können auf denselben Datensatz zutreffen; {what}.",
  "Say which.": "Sagen Sie, welches.",
  "Set both, or none for an address of its own.": "Setzen Sie beide, oder keines für eine eigene Adresse.",
  "Set exactly one of them.": "Setzen Sie genau eines davon.",
  "Set it in the expression, or use a function of JSONata.":
    "Setzen Sie es im Ausdruck, oder nehmen Sie eine Funktion von JSONata.",
  "Set {what}.": "Nötig ist: {what}.",
  'Step "{known}"': "Schritt „{known}“",
  'Step "{step}" can never start: it is behind steps that lead back.':
    "Schritt „{step}“ kann nie beginnen: Er steht hinter Schritten, die zurückführen.",
  'Step "{step}" cannot have a body.': "In Schritt „{step}“ können keine Schritte stehen.",
  'Step "{step}" decides by something that is not an expression.':
    "Schritt „{step}“ entscheidet nach etwas, das kein Ausdruck ist.",
  'Step "{step}" does nothing with its items.': "Schritt „{step}“ tut nichts mit seinen Einträgen.",
  'Step "{step}" has 1 to {most} items under way at a time.':
    "Schritt „{step}“ bearbeitet 1 bis {most} Einträge zugleich.",
  'Step "{step}" has a limit of 1 to {most} rounds.':
    "Schritt „{step}“ hat eine Grenze von 1 bis {most} Runden.",
  'Step "{step}" has no table.': "Schritt „{step}“ hat keine Tabelle.",
  'Step "{step}" has no value for the column "{name}".':
    "Schritt „{step}“ hat keinen Wert für die Spalte „{name}“.",
  'Step "{step}" has no way out called "{port}".': "Schritt „{step}“ hat keinen Ausgang „{port}“.",
  'Step "{step}" lacks "{title}".': "Schritt „{step}“ fehlt „{title}“.",
  'Step "{step}" joins all, any, or a number of ways.':
    "Schritt „{step}“ führt alle, einen oder so viele Wege zusammen.",
  'Step "{step}" joins {needed} ways, but only {ways} lead to it.':
    "Schritt „{step}“ führt {needed} Wege zusammen, doch nur {ways} führen zu ihm.",
  'Step "{step}" looks up something that is no record.':
    "Schritt „{step}“ schlägt etwas nach, das kein Datensatz ist.",
  'Step "{step}" plans with "{name}", which no template offers.':
    "Schritt „{step}“ plant mit „{name}“, das keine Vorlage bietet.",
  'Step "{step}" reads {stream}, but "{slug}" is no connection of {wanted}.':
    "Schritt „{step}“ liest {stream}, aber „{slug}“ ist keine Verbindung von {wanted}.",
  'Step "{step}" repeats nothing.': "Schritt „{step}“ wiederholt nichts.",
  'Step "{step}" starts a workflow with something that is no object.':
    "Schritt „{step}“ startet einen Workflow mit etwas, das kein Objekt ist.",
  'Step "{step}" starts the workflow "{slug}", which {said}.':
    "Schritt „{step}“ startet den Workflow „{slug}“; dieser {said}.",
  'Step "{step}" stops at an error or collects errors.':
    "Schritt „{step}“ hält bei einem Fehler an oder sammelt Fehler.",
  'Step "{step}" traces or does not.': "Schritt „{step}“ zeichnet den Weg auf oder nicht.",
  'Step "{step}" uses the action "{action}", which no connector offers.':
    "Schritt „{step}“ verwendet die Aktion „{action}“, die kein Konnektor bietet.",
  'Step "{step}" uses {action}, but the connection "{connection}" is of {connector}.':
    "Schritt „{step}“ verwendet {action}, aber die Verbindung „{connection}“ ist von {connector}.",
  'Step "{step}" waits for an event with a key, or for neither.':
    "Schritt „{step}“ wartet auf ein Ereignis mit Schlüssel, oder auf keines von beiden.",
  'Step "{step}" waits for seconds or until a time.':
    "Schritt „{step}“ wartet Sekunden oder bis zu einer Zeit.",
  'Step "{step}" waits or does not.': "Schritt „{step}“ wartet oder wartet nicht.",
  'Step "{step}" would start its own workflow again.':
    "Schritt „{step}“ würde den eigenen Workflow wieder starten.",
  'Step "{step}" {said}.': "Schritt „{step}“ {said}.",
  'Step "{step}": the value for each item is not an expression.':
    "Schritt „{step}“: Der Wert für jeden Eintrag ist kein Ausdruck.",
  'Step "{step}": {offering} has no field "{name}".': "Schritt „{step}“: {offering} hat kein Feld „{name}“.",
  'Step "{step}": {title} {complaint}.': "Schritt „{step}“: {title} {complaint}.",
  'The case "{name}" of step "{step}" is taken.': "Den Fall „{name}“ von Schritt „{step}“ gibt es schon.",
  "The de-duplication key is an expression.": "Der Schlüssel gegen doppelte Aufrufe ist ein Ausdruck.",
  "The document": "Das Dokument",
  "The document does not say its format.": "Das Dokument nennt sein Format nicht.",
  "The document has the format {held}, of a newer Lockgate; this one reads up to {most}.":
    "Das Dokument hat das Format {held} eines neueren Lockgate; dieses hier liest bis {most}.",
  'The error workflow "{slug}" {said}.': "Der Fehler-Workflow „{slug}“ {said}.",
  'The expression of step "{step}" {said}: its output is not there yet.':
    "Der Ausdruck von Schritt „{step}“ {said}: Die Ausgabe ist noch nicht da.",
  'The expression reads step "{read}", which is not there.':
    "Der Ausdruck liest Schritt „{read}“, den es nicht gibt.",
  "The key by which runs are counted is not an expression: all would have the same.":
    "Der Schlüssel, nach dem Läufe gezählt werden, ist kein Ausdruck: Alle hätten denselben.",
  "A business key that is not an expression would be the same for every run.":
    "Ein Geschäftsschlüssel, der kein Ausdruck ist, wäre für jeden Lauf derselbe.",
  'The personal or secret field "{path}" is of a step "{of}" that is not there.':
    "Das personenbezogene oder geheime Feld „{path}“ gehört zu einem Schritt „{of}“, den es nicht gibt.",
  'The schema refers to "{reference}", which is not in it.':
    "Das Schema verweist auf „{reference}“, das nicht darin steht.",
  "The table has more than {most} rows, and was not looked through as a whole.":
    "Die Tabelle hat mehr als {most} Zeilen und wurde nicht ganz durchgesehen.",
  'The table of step "{step}" has no column "{name}".':
    "Die Tabelle von Schritt „{step}“ hat keine Spalte „{name}“.",
  'The trigger has no setting "{name}".': "Der Auslöser hat keine Einstellung „{name}“.",
  'The trigger lacks "{title}".': "Dem Auslöser fehlt „{title}“.",
  "The workflow has no step.": "Der Workflow hat keinen Schritt.",
  "There are {names}.": "Es gibt {names}.",
  'There is no column "{name}". Add it, or remove the cell.':
    "Es gibt keine Spalte „{name}“. Fügen Sie sie ein, oder entfernen Sie die Zelle.",
  'There is no connection "{connection}" to ask for events.':
    "Es gibt keine Verbindung „{connection}“, über die Ereignisse erfragt werden.",
  "These steps lead back to where they began: {names}.":
    "Diese Schritte führen dorthin zurück, wo sie begannen: {names}.",
  "This is not a JSON Schema: {why}.": "Das ist kein JSON-Schema: {why}.",
  'Two columns are called "{name}". Rename one of them.':
    "Zwei Spalten heißen „{name}“. Benennen Sie eine um.",
  'Two steps are called "{step}".': "Zwei Schritte heißen „{step}“.",
  'Two triggers are called "{name}".': "Zwei Auslöser heißen „{name}“.",
  "Use the step that starts another workflow.": "Nehmen Sie den Schritt, der einen anderen Workflow startet.",
  "Write =trigger.body.id.": "Schreiben Sie =trigger.body.id.",
  "Write a rule table.": "Schreiben Sie eine Regeltabelle.",
  "Write a whole number.": "Schreiben Sie eine ganze Zahl.",
  "Write one such as =trigger.body.customer.": "Schreiben Sie einen wie =trigger.body.customer.",
  "Write one such as =trigger.body.person.": "Schreiben Sie einen wie =trigger.body.person.",
  "a collection": "eine Sammlung",
  'a list of {"name", "if"}': "eine Liste aus {„name“, „if“}",
  "a message": "eine Nachricht",
  "a notice": "eine Benachrichtigung",
  "a pack": "ein Paket",
  "a question": "eine Frage",
  "a reading": "eine Lesung",
  "a step of the kind {kind}": "ein Schritt der Art {kind}",
  "an answer": "eine Antwort",
  'an expression that ends it, such as =steps.ask.state = "done"':
    'ein Ausdruck, der es beendet, etwa =steps.ask.state = "done"',
  "an expression that is true or false, such as =trigger.count > 3":
    "ein Ausdruck, der wahr oder falsch ist, etwa =trigger.count > 3",
  "both count": "beide zählen",
  "does not have the right form": "hat nicht die richtige Form",
  "does not have the right form; an example: {example}":
    "hat nicht die richtige Form; ein Beispiel: {example}",
  'has "{name}"': "hat „{name}“",
  'has both "{closed}" and "{opened}"; keep one': "hat „{closed}“ und „{opened}“; behalten Sie eines",
  "has fields that are not known here: {names}": "hat Felder, die hier niemand kennt: {names}",
  "has no connection": "hat keine Verbindung",
  'has no connection "{connection}" to use': "hat keine Verbindung „{connection}“",
  "has no published version": "hat keine veröffentlichte Version",
  "holds an empty list. Leave it out if anything will do":
    "enthält eine leere Liste. Lassen Sie sie weg, wenn alles recht ist",
  "holds bounds that no value can meet": "enthält Grenzen, die kein Wert einhält",
  "holds {given}, which is no text": "enthält {given}, das kein Text ist",
  "holds {given}, which is no {kind}": "enthält {given}; verlangt ist: {kind}",
  "is an empty object": "ist ein leeres Objekt",
  "is not as it should be": "ist nicht, wie es sein soll",
  "is not there": "ist nicht da",
  "is of none of the kinds that are possible here": "ist keines von dem, was hier möglich ist",
  "is wrong: {why}": "ist falsch: {why}",
  "lacks {names}": "braucht noch {names}",
  "must be one of {names}": "muss eines von {names} sein",
  "must be {kinds}": "verlangt {kinds}",
  "name of a group": "Name einer Gruppe",
  "a whole number": "eine ganze Zahl",
  "a number": "eine Zahl",
  "true or false": "wahr oder falsch",
  "a list": "eine Liste",
  "an object": "ein Objekt",
  "reads itself": "liest sich selbst",
  'reads step "{read}", which does not lead here': "liest Schritt „{read}“, der nicht hierher führt",
  "row {number} wins": "Zeile {number} gewinnt",
  "should be a multiple of {limit}": "soll ein Vielfaches von {limit} sein",
  "should be at least {limit}": "soll mindestens {limit} sein",
  "should be at most {limit}": "soll höchstens {limit} sein",
  "should be less than {limit}": "soll kleiner als {limit} sein",
  "should be more than {limit}": "soll größer als {limit} sein",
  "should be {form}": "soll so sein: {form}",
  "should be {limit}": "soll {limit} sein",
  "should have at least {limit} characters": "soll mindestens {limit} Zeichen haben",
  "should have at least {limit} entries": "soll mindestens {limit} Einträge haben",
  "should have at most {limit} characters": "soll höchstens {limit} Zeichen haben",
  "should have at most {limit} entries": "soll höchstens {limit} Einträge haben",
  "should not be empty": "soll nicht leer sein",
  "should not have the same entry twice": "soll keinen Eintrag doppelt haben",
  "the list whose items are gone through": "die Liste, deren Einträge durchgegangen werden",
  'the list, and an expression for each "item"': "die Liste und ein Ausdruck für jedes „item“",
  "the plan's id, such as =steps.plan.id": "die Id des Plans, etwa =steps.plan.id",
  "the slug of a published workflow": "der Kurzname eines veröffentlichten Workflows",
  "what the step should give": "was der Schritt geben soll",
  "{first} or {other}": "{first} oder {other}",
  "{said}; for a column of {kind} there are {forms}": "{said}; für eine Spalte {kind} gibt es {forms}",
  "{title} {complaint}.": "{title} {complaint}.",
  "{what}: {field}": "{what}: {field}",
  "{where} cannot be the id of a step or trigger.":
    "{where} kann nicht die Id eines Schritts oder Auslösers sein.",
  '{where} has a field "{name}", which means nothing here.':
    "{where} hat ein Feld „{name}“, das hier nichts bedeutet.",
  '{where} has no "{name}".': "{where} hat kein „{name}“.",
  "{where} {complaint}.": "{where} {complaint}.",
} as const;
