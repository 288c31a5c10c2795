package project

import (
	"slices"
	"strings"
)

// blockNames are the groups of fields about companies of which a source may choose.
var blockNames = []string{"identity", "activity", "size", "events", "financials", "scores"}

// BlockNames lists them.
func BlockNames() []string { return slices.Clone(blockNames) }

// readBlocks reads which groups of fields come in.
func (s *Source) readBlocks(n node) {
	n.list(func(item node) {
		name := ""
		item.oneOf(&name, blockNames...)
		switch {
		case name == "":
		case slices.Contains(s.Blocks, name):
			item.problem("block %q stands twice", name)
		default:
			s.Blocks = append(s.Blocks, name)
		}
	})
}

// checkBlocks refuses the key where it could not be kept: an API is asked for whole
// answers, which lie in the data folder until they are read.
func (s *Source) checkBlocks(item node) {
	if len(s.Blocks) > 0 && s.Kind != "table" && !IsShaped(s.Kind) {
		item.problem("blocks goes with kind: table, %s", strings.Join(shapedKinds, ", "))
	}
}
