// Package pull asks open-data APIs about companies: the Sirene API of INSEE for what
// changed in the register, and the gazette BODACC for its notices.
//
// Invariant: no host but that of the given address is asked, never faster than its
// limit, and the key is sent to it in a header alone: it stands in no address, message
// or file. What has been fetched is kept, so that a run that is killed goes on where it
// was.
package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Limits of the services, as they publish them: the Sirene API takes 30 requests a
// minute, the company search 7 a second.
const (
	SirenePerMinute = 30
	SearchPerMinute = 7 * 60
	BodaccPerMinute = 120
)

const (
	longestAnswer = 64 << 20
	tries         = 7
	longestWait   = 15 * time.Minute
	timeout       = 2 * time.Minute
)

// ErrNotFound says that the service knows nothing of what was asked for.
var ErrNotFound = errors.New("nothing found")

// Client asks one service. Use it from one goroutine.
type Client struct {
	Base      string // address of the service, without a slash at its end
	Header    string // name of the header of the key; empty: none
	Key       string
	PerMinute int
	Sleep     func(context.Context, time.Duration) error
	Now       func() time.Time
	Say       func(format string, args ...any) // told of waits; nil: nobody
	HTTP      *http.Client                     // nil: one that keeps to the host

	next time.Time // of the next request
}

// Get asks for a path below the address. A service that is busy or fails for a while is
// asked again, when it says so.
func (c *Client) Get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	address := c.Base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var last error
	for try := range tries {
		if err := c.pace(ctx); err != nil {
			return nil, err
		}
		text, wait, err := c.once(ctx, address)
		if err == nil || wait < 0 {
			return text, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		last = err
		if try == tries-1 {
			break
		}
		if wait == 0 {
			wait = time.Second << try
		}
		if wait > longestWait {
			return nil, fmt.Errorf("%w; it asks to be left alone for %s: run again later", err, wait)
		}
		if c.Say != nil {
			c.Say("%v; trying again in %s", err, wait)
		}
		if err := c.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("after %d attempts: %w", tries, last)
}

// pace waits until the next request is due.
func (c *Client) pace(ctx context.Context) error {
	now := c.Now()
	if wait := c.next.Sub(now); wait > 0 {
		if err := c.Sleep(ctx, wait); err != nil {
			return err
		}
		now = c.next
	}
	c.next = now.Add(time.Minute / time.Duration(max(c.PerMinute, 1)))
	return nil
}

// once asks once. wait is how long to wait before the next attempt, 0 where the service
// does not say, negative where another attempt is of no use.
func (c *Client) once(ctx context.Context, address string) (text []byte, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, -1, fmt.Errorf("ask %s: %w", c.host(), err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "encours")
	if c.Header != "" && c.Key != "" {
		request.Header.Set(c.Header, c.Key)
	}
	client := c.HTTP
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
		if next.URL.Host != request.URL.Host || next.URL.Scheme != request.URL.Scheme {
			return fmt.Errorf("it leads to another host (%s), which encours.yaml does not name", next.URL.Host)
		}
		return nil
	}
	response, err := own.Do(request)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err // the address is long and tells nobody anything
		}
		return nil, retryable(err), fmt.Errorf("ask %s: %w", c.host(), err)
	}
	defer response.Body.Close()
	text, err = io.ReadAll(io.LimitReader(response.Body, longestAnswer+1))
	switch status := response.StatusCode; {
	case status == http.StatusNotFound:
		return text, -1, ErrNotFound
	case status == http.StatusTooManyRequests || status >= 500:
		return nil, c.retryAfter(response.Header.Get("Retry-After")), fmt.Errorf("%s is busy: it answers %s", c.host(), response.Status)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return nil, -1, fmt.Errorf("%s refuses the key (%s): check the variable that key_env names", c.host(), response.Status)
	case status != http.StatusOK:
		return nil, -1, fmt.Errorf("%s answers %s: %s", c.host(), response.Status, strings.TrimSpace(shorten(text)))
	case err != nil:
		return nil, 0, fmt.Errorf("read the answer of %s: %w", c.host(), err)
	case len(text) > longestAnswer:
		return nil, -1, fmt.Errorf("the answer of %s is longer than %d MB", c.host(), longestAnswer>>20)
	}
	return text, 0, nil
}

// retryable is negative for an error that stays: a redirect that is not followed.
func retryable(err error) time.Duration {
	if strings.Contains(err.Error(), "leads to another host") {
		return -1
	}
	return 0
}

// retryAfter reads the header of that name: seconds, or a moment.
func (c *Client) retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(c.Now()), 0)
	}
	return 0
}

func (c *Client) host() string {
	at, err := url.Parse(c.Base)
	if err != nil {
		return "the service"
	}
	return at.Host
}

func shorten(text []byte) string {
	return string(text[:min(len(text), 300)])
}
