package project

import "time"

// Push bounds what other programs may send to the server.
type Push struct {
	MaxBodyBytes int64 // of one message, unpacked
	MaxRows      int64 // records of one message
	Concurrent   int   // messages at once

	// BuildAfter is how long what was sent may wait for a build before the server
	// builds by itself; 0: it does not.
	BuildAfter time.Duration
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
		"max_rows":    func(n node) { p.Push.MaxRows = n.integer(1, 10_000_000) },
		"build_after": func(n node) { p.Push.BuildAfter = n.duration(time.Second, 7*24*time.Hour) },
		"concurrent":  func(n node) { p.Push.Concurrent = int(n.integer(1, 64)) },
	})
}
