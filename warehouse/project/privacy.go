package project

// Privacy is what the project says about natural persons among its customers.
type Privacy struct {
	PersonsInExports bool // their names may stand in exports and published files
	RetentionMonths  int  // after so many months without an item a person is due for erasure; 0: never
}

// longestRetention is a hundred years.
const longestRetention = 1200

func (p *Project) readPrivacy(n node) {
	n.record(map[string]func(node){
		"persons_in_exports": func(n node) { p.Privacy.PersonsInExports = n.boolean() },
		"retention_months":   func(n node) { p.Privacy.RetentionMonths = int(n.integer(1, longestRetention)) },
	})
}
