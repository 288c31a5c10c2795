package session

import (
	"context"
	"runtime"
	"time"
)

// patience is how long a query waits for its turn. One that takes longer than a page
// should must not keep the others waiting.
const patience = 50 * time.Millisecond

// turns lets as many queries run at once as there are processors, the others in the
// order in which they came: twenty short queries at once would all end late, whereas
// one after the other most end early. A query that has been patient runs in any case.
type turns chan struct{}

func newTurns() turns { return make(turns, runtime.GOMAXPROCS(0)) }

// take waits for a turn; give gives it back.
func (t turns) take(ctx context.Context) (give func()) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case t <- struct{}{}:
		return func() { <-t }
	case <-timer.C:
	case <-ctx.Done():
	}
	return func() {}
}
