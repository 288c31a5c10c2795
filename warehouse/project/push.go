package project

// Push bounds what other programs may send to the server.
type Push struct {
	MaxBodyBytes int64 // of one message, unpacked
	MaxRows      int64 // records of one message
	Concurrent   int   // messages at once
}

// mostBody is held in memory for each message at once.
const mostBody = 1e9

func defaultPush() Push { return Push{MaxBodyBytes: 32e6, MaxRows: 200_000, Concurrent: 8} }

func (p *Project) readPush(n node) {
	n.record(map[string]func(node){
		"max_body": func(n node) {
			if p.Push.MaxBodyBytes = n.size(1e6); p.Push.MaxBodyBytes > mostBody {
				n.problem("a message is held in memory: at most 1GB")
			}
		},
		"max_rows":   func(n node) { p.Push.MaxRows = n.integer(1, 10_000_000) },
		"concurrent": func(n node) { p.Push.Concurrent = int(n.integer(1, 64)) },
	})
}
