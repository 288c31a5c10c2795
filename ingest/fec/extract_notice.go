package fec

import "github.com/encours/encours/ingest"

// HeaderNotices are those of all parts.
func (x *Extract) HeaderNotices() []ingest.Notice {
	var all []ingest.Notice
	for _, f := range x.Parts {
		all = append(all, f.HeaderNotices()...)
	}
	return all
}

// Notify sets what Convert calls for each notice of a line, of whatever part.
func (x *Extract) Notify(notify func(ingest.Notice) error) {
	for _, f := range x.Parts {
		f.Notify(notify)
	}
}
