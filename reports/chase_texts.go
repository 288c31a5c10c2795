package reports

// chaseTexts are the texts of reminders and of the worklist, English then French.
func chaseTexts() map[string][2]string {
	return map[string][2]string{
		"letter.title.first":    {"Payment reminder", "Rappel de paiement"},
		"letter.title.second":   {"Second reminder", "Relance"},
		"letter.title.notice":   {"Formal notice to pay", "Mise en demeure de payer"},
		"letter.date":           {"{0}", "Le {0}"},
		"letter.subject.first":  {"Subject: invoices past due, {0}", "Objet : factures échues, {0}"},
		"letter.subject.second": {"Subject: invoices still unpaid, {0}", "Objet : factures toujours impayées, {0}"},
		"letter.subject.notice": {"Subject: formal notice to pay {0}", "Objet : mise en demeure de payer {0}"},
		"letter.hello":          {"Dear Sir or Madam,", "Madame, Monsieur,"},
		"letter.nothing":        {"No reminder is due to this customer at this date.", "Aucune relance n’est due à ce client à cette date."},
		"letter.open.first": {
			"Unless we are mistaken, the invoices below, {0} in all, are past their due date and have not been paid. This may well be an oversight.",
			"Sauf erreur de notre part, les factures ci-dessous, soit {0}, sont arrivées à échéance et ne sont pas réglées. Il s’agit sans doute d’un oubli.",
		},
		"letter.open.second": {
			"In spite of our earlier reminder, we have not received payment of the items below, {0} in all.",
			"Malgré notre précédent rappel, nous n’avons pas reçu le règlement des postes ci-dessous, soit {0}.",
		},
		"letter.open.notice": {
			"Our reminders have remained without effect: the items below, {0} in all, are still unpaid.",
			"Nos relances sont restées sans effet : les postes ci-dessous, soit {0}, demeurent impayés.",
		},
		"letter.ask.first": {
			"Would you kindly settle them, or tell us when we may expect payment?",
			"Nous vous remercions de bien vouloir les régler, ou de nous indiquer la date de votre règlement.",
		},
		"letter.ask.second": {
			"Please settle them within eight days of this letter. If an invoice raises a difficulty, tell us now so that we can answer it.",
			"Nous vous prions de les régler sous huit jours à compter de la présente. Si une facture soulève une difficulté, signalez-la-nous dès maintenant afin que nous y répondions.",
		},
		"letter.ask.notice": {
			"We hereby give you formal notice to pay the sum of {0}, interest and recovery fees included, within eight days of receipt of this letter. This letter is a formal notice within the meaning of articles 1231-6 and 1344 of the French Civil Code. Failing payment in that time, we shall take legal action to recover what is owed without further notice.",
			"Nous vous mettons en demeure de nous payer la somme de {0}, intérêts et indemnités compris, dans les huit jours de la réception de la présente. Cette lettre vaut mise en demeure au sens des articles 1231-6 et 1344 du Code civil. À défaut de paiement dans ce délai, nous engagerons sans autre avis le recouvrement judiciaire de notre créance.",
		},
		"letter.law.business.reminder": {
			"For your information: late interest (article L. 441-10 II of the French Commercial Code) comes to {0} so far, and the fixed recovery fees of article D. 441-5 to {1}.",
			"Pour information, les pénalités de retard (article L. 441-10, II du Code de commerce) s’élèvent à ce jour à {0}, et les indemnités forfaitaires pour frais de recouvrement (article D. 441-5) à {1}.",
		},
		"letter.law.business.notice": {
			"Under article L. 441-10 II of the French Commercial Code late interest is due from the day after the due date without any reminder; it comes to {0} so far and runs until payment. The fixed recovery fee of 40 euros per invoice (article D. 441-5) comes to {1}; higher costs may be claimed on proof.",
			"En application de l’article L. 441-10, II du Code de commerce, les pénalités de retard sont exigibles de plein droit, sans rappel, dès le jour suivant l’échéance ; elles s’élèvent à ce jour à {0} et courent jusqu’au paiement. L’indemnité forfaitaire pour frais de recouvrement de 40 euros par facture (article D. 441-5) s’élève à {1} ; des frais supérieurs peuvent être réclamés sur justification.",
		},
		"letter.law.public_buyer.reminder": {
			"For your information: late interest (articles L. 2192-13 and R. 2192-31 of the French Public Procurement Code) comes to {0} so far, and the fixed recovery fees of article D. 2192-35 to {1}.",
			"Pour information, les intérêts moratoires (articles L. 2192-13 et R. 2192-31 du Code de la commande publique) s’élèvent à ce jour à {0}, et les indemnités forfaitaires pour frais de recouvrement (article D. 2192-35) à {1}.",
		},
		"letter.law.public_buyer.notice": {
			"Late interest (articles L. 2192-13 and R. 2192-31 of the French Public Procurement Code) is due without any formality; it comes to {0} so far and runs until payment. The fixed recovery fee of article D. 2192-35 comes to {1}.",
			"Les intérêts moratoires (articles L. 2192-13 et R. 2192-31 du Code de la commande publique) sont dus sans formalité ; ils s’élèvent à ce jour à {0} et courent jusqu’au paiement. L’indemnité forfaitaire pour frais de recouvrement (article D. 2192-35) s’élève à {1}.",
		},
		"letter.law.consumer.reminder": {
			"For your information: the interest that our contract provides for comes to {0} so far, and its fees to {1}.",
			"Pour information, les intérêts prévus à notre contrat s’élèvent à ce jour à {0}, et les frais à {1}.",
		},
		"letter.law.consumer.notice": {
			"The interest that our contract provides for comes to {0} so far and runs until payment; its fees come to {1}.",
			"Les intérêts prévus à notre contrat s’élèvent à ce jour à {0} et courent jusqu’au paiement ; les frais s’élèvent à {1}.",
		},
		"letter.law.civil": {
			"From the date of this notice the sum bears interest at the legal rate (article 1231-6 of the French Civil Code).",
			"À compter de la présente, la somme due porte intérêt au taux légal (article 1231-6 du Code civil).",
		},
		"letter.close": {
			"If you have paid in the meantime, please disregard this letter.",
			"Si vous avez réglé entre-temps, veuillez ne pas tenir compte de ce courrier.",
		},
		"letter.bye":             {"Yours faithfully,", "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées."},
		"letter.column.interest": {"Interest", "Pénalités"},
		"letter.column.fee":      {"Fee", "Indemnité"},

		"ics.name":     {"Worklist {0}, {1}", "Relances {0}, {1}"},
		"ics.summary":  {"{0}: {1} ({2})", "{0} : {1} ({2})"},
		"ics.overdue":  {"Overdue {0}, the oldest for {1} days", "Échu {0}, le plus ancien depuis {1} jours"},
		"ics.expected": {"At risk {0} × {1} = {2}", "En risque {0} × {1} = {2}"},
		"ics.level":    {"Level of reminding reached: {0}", "Niveau de relance atteint : {0}"},
		"ics.last":     {"Last action: {0}, {1}", "Dernière action : {0}, {1}"},
		"ics.manager":  {"Account manager: {0}", "Chargé de compte : {0}"},

		"reason.claim":          {"Claim of {0} to declare, {1} days left", "Créance de {0} à déclarer, reste {1} jours"},
		"reason.dispute":        {"Open disputes: {2}, {0}, the oldest for {1} days", "Litiges ouverts : {2}, {0}, le plus ancien depuis {1} jours"},
		"reason.promise broken": {"Broken promise, {0} missing, promised {1} days ago", "Promesse non tenue, {0} manquants, échue depuis {1} jours"},
		"reason.promise due":    {"{0} promised, due {1} days ago", "{0} promis, échu depuis {1} jours"},
		"reason.follow up":      {"To be followed up since {1} days, {0} overdue", "À suivre depuis {1} jours, {0} échus"},
		"reason.legal case due": {"Last level reached: {0} to hand over", "Dernier niveau atteint : {0} à transmettre au contentieux"},
		"reason.letter due":     {"Reminder of level {3} is due for {0}", "Relance de niveau {3} à envoyer pour {0}"},
		"reason.call due":       {"Call of level {3} is due for {0}", "Appel de niveau {3} à passer pour {0}"},
		"reason.overdue":        {"{0} overdue in {2} items, the oldest for {1} days", "{0} échus en {2} postes, le plus ancien depuis {1} jours"},

		"situation.claim":          {"claim to declare", "créance à déclarer"},
		"situation.dispute":        {"dispute", "litige"},
		"situation.promise broken": {"broken promise", "promesse non tenue"},
		"situation.promise due":    {"promise due", "promesse à échéance"},
		"situation.follow up":      {"follow-up", "suivi"},
		"situation.legal case due": {"legal case due", "passage au contentieux"},
		"situation.letter due":     {"reminder due", "relance à envoyer"},
		"situation.call due":       {"call due", "appel à passer"},
		"situation.overdue":        {"overdue", "échu"},

		"action.declare the claim":      {"Declare the claim", "Déclarer la créance"},
		"action.answer the dispute":     {"Answer the dispute", "Répondre au litige"},
		"action.call about the promise": {"Call about the promise", "Appeler au sujet de la promesse"},
		"action.check the payment":      {"Check the payment", "Vérifier le règlement"},
		"action.call":                   {"Call", "Appeler"},
		"action.hand over":              {"Hand over to legal", "Transmettre au contentieux"},
		"action.escalate":               {"Escalate", "Escalader"},
		"action.send the letter":        {"Send the reminder", "Envoyer la relance"},
		"action.review":                 {"Review", "Revoir le dossier"},

		"action_kind.call":           {"call", "appel"},
		"action_kind.letter":         {"letter", "courrier"},
		"action_kind.e-mail":         {"e-mail", "courriel"},
		"action_kind.formal notice":  {"formal notice", "mise en demeure"},
		"action_kind.legal case":     {"legal case", "contentieux"},
		"action_kind.claim declared": {"claim declared", "créance déclarée"},
	}
}
