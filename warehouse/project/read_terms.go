package project

// readPaymentTerms reads the terms of both sides, once the reading of "end of
// month" is known.
func (e *Entity) readPaymentTerms(n node) {
	var sides []func()
	reading := string(DaysFirst)
	n.record(map[string]func(node){
		"end_of_month": func(n node) { n.oneOf(&reading, string(DaysFirst), string(MonthFirst)) },
		SideCustomer: func(n node) {
			sides = append(sides, func() { e.Customer = readTerms(n, e.EndOfMonth) })
		},
		SideSupplier: func(n node) {
			sides = append(sides, func() { e.Supplier = readTerms(n, e.EndOfMonth) })
		},
	})
	e.EndOfMonth = EndOfMonth(reading)
	for _, read := range sides {
		read()
	}
}

func readTerms(side node, reading EndOfMonth) SideTerms {
	read := func(n node) (Terms, bool) {
		s, ok := n.text()
		if !ok {
			return Terms{}, false
		}
		terms, err := ParseTerms(s, reading)
		if err != nil {
			n.problem("%v", err)
		}
		return terms, err == nil
	}
	var t SideTerms
	side.record(map[string]func(node){
		"default": func(n node) {
			if terms, ok := read(n); ok {
				t.Default = &terms
			}
		},
		"counterparties": func(n node) {
			t.Counterparties = map[string]Terms{}
			n.entries(func(key string, _, value node) { t.Counterparties[key], _ = read(value) })
		},
	})
	return t
}
