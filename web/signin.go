package web

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	sessionCookie   = "encours_session"
	sessionLifetime = 12 * time.Hour
	sessionNonce    = 16
	failureWindow   = time.Minute
	maxFailures     = 10   // per client and window
	maxClients      = 4096 // remembered at once
)

// gate lets in who holds the access token. Neither the token nor anything from
// which it could be found leaves it: a session is an expiry and a nonce under an
// HMAC, so that sessions survive a restart and end with the token.
type gate struct {
	token [sha256.Size]byte // hashed: compared in constant time whatever its length
	key   []byte
	clock func() time.Time

	mu       sync.Mutex
	failures map[netip.Addr]failureCount
}

type failureCount struct {
	count int
	since time.Time
}

func newGate(token string, clock func() time.Time) (*gate, error) {
	if len(token) < MinTokenLength {
		return nil, fmt.Errorf("the access token has %d characters: use at least %d", len(token), MinTokenLength)
	}
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "encours session cookie v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive session key: %w", err)
	}
	return &gate{token: sha256.Sum256([]byte(token)), key: key, clock: clock, failures: map[netip.Addr]failureCount{}}, nil
}

func (g *gate) isToken(given string) bool {
	hash := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(hash[:], g.token[:]) == 1
}

// session makes the value of a session cookie.
func (g *gate) session() string {
	payload := make([]byte, 8+sessionNonce)
	binary.BigEndian.PutUint64(payload, uint64(g.clock().Add(sessionLifetime).Unix()))
	_, _ = rand.Read(payload[8:]) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(append(payload, g.sign(payload)...))
}

func (g *gate) isSession(value string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(raw) != 8+sessionNonce+sha256.Size {
		return false
	}
	payload, mac := raw[:8+sessionNonce], raw[8+sessionNonce:]
	expiry := time.Unix(int64(binary.BigEndian.Uint64(payload)), 0)
	return hmac.Equal(mac, g.sign(payload)) && g.clock().Before(expiry)
}

func (g *gate) sign(payload []byte) []byte {
	mac := hmac.New(sha256.New, g.key)
	mac.Write(payload)
	return mac.Sum(nil)
}

// isBlocked says whether a client gave too many wrong tokens of late.
func (g *gate) isBlocked(client netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	failed, ok := g.failures[client]
	return ok && failed.count >= maxFailures && g.clock().Sub(failed.since) < failureWindow
}

func (g *gate) noteFailure(client netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	failed, ok := g.failures[client]
	if !ok && len(g.failures) >= maxClients {
		g.forget(now)
	}
	if !ok || now.Sub(failed.since) >= failureWindow {
		failed = failureCount{since: now}
	}
	failed.count++
	g.failures[client] = failed
}

// forget drops what is over, and everything where that is not enough: memory is
// bounded, and the token is far too long to be found by trying.
func (g *gate) forget(now time.Time) {
	for client, failed := range g.failures {
		if now.Sub(failed.since) >= failureWindow {
			delete(g.failures, client)
		}
	}
	if len(g.failures) >= maxClients {
		clear(g.failures)
	}
}

// client is the address that failures count against; a whole /64 in IPv6.
func client(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv6Unspecified()
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		prefix, err := addr.Prefix(64)
		if err == nil {
			return prefix.Addr()
		}
	}
	return addr
}

// requireSignIn lets through who is signed in, the sign-in page itself, static
// files (which are public) and the health check (which tells nothing).
func (s *server) requireSignIn(next http.Handler) http.Handler {
	if s.gate == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if path == "/healthz" || path == "/sign-in" || strings.HasPrefix(path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		if cookie, err := r.Cookie(sessionCookie); err == nil && s.gate.isSession(cookie.Value) {
			next.ServeHTTP(w, r)
			return
		}
		if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			if s.gate.isBlocked(client(r)) {
				s.refuseSignIn(w, r, http.StatusTooManyRequests, "sign_in.too_many")
				return
			}
			if s.gate.isToken(strings.TrimSpace(given)) {
				next.ServeHTTP(w, r)
				return
			}
			s.gate.noteFailure(client(r))
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="Encours"`)
		s.refuseSignIn(w, r, http.StatusUnauthorized, "")
	})
}

// signInForm is the page that asks for the access token.
type signInForm struct {
	Layout
	Next    string // address to go on to
	Message string
}

func (s *server) refuseSignIn(w http.ResponseWriter, r *http.Request, status int, message string) {
	next := "/"
	if r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/charts/") {
		next = r.URL.RequestURI()
	}
	if err := s.showSignIn(w, r, status, next, message); err != nil {
		s.fail(w, r, err)
	}
}

func (s *server) showSignIn(w http.ResponseWriter, r *http.Request, status int, next, message string) error {
	l := s.locale(r)
	form := signInForm{Layout: s.bareLayout(r, l, l.T("sign_in.title")), Next: localAddress(next)}
	if message != "" {
		form.Message = l.T(message)
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	return s.render(w, l, status, "sign-in", form)
}

func (s *server) signInPage(w http.ResponseWriter, r *http.Request) error {
	if s.gate == nil {
		return errNoPage
	}
	s.rememberLanguage(w, r)
	return s.showSignIn(w, r, http.StatusOK, r.URL.Query().Get("next"), "")
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) error {
	if s.gate == nil {
		return errNoPage
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return nil
	}
	next := localAddress(r.PostForm.Get("next"))
	if s.gate.isBlocked(client(r)) {
		return s.showSignIn(w, r, http.StatusTooManyRequests, next, "sign_in.too_many")
	}
	if !s.gate.isToken(strings.TrimSpace(r.PostForm.Get("token"))) {
		s.gate.noteFailure(client(r))
		return s.showSignIn(w, r, http.StatusUnauthorized, next, "sign_in.wrong")
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: s.gate.session(), Path: "/", MaxAge: int(sessionLifetime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: isHTTPS(r),
	})
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: isHTTPS(r),
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// localAddress keeps an address of this site and turns any other into the start
// page, so that a sign-in cannot lead elsewhere.
func localAddress(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") ||
		strings.HasPrefix(next, "/sign-") {
		return "/"
	}
	return next
}
