package main

import (
	"github.com/encours/encours/ingest"
	"github.com/encours/encours/warehouse/landing"
)

// noticeCounts counts what a reader noticed, by check and column, in the order in
// which each was first met: a file in which every line has the same fault takes no
// more memory than one with a single fault.
type noticeCounts struct {
	list []landing.Notice
	at   map[[2]string]int
}

func (c *noticeCounts) add(n ingest.Notice) error {
	key := [2]string{n.Check, n.Column}
	if i, ok := c.at[key]; ok {
		c.list[i].Count++
		return nil
	}
	if c.at == nil {
		c.at = map[[2]string]int{}
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, landing.Notice{Check: n.Check, Column: n.Column, Count: 1, FirstLine: n.Line, Value: n.Value})
	return nil
}
