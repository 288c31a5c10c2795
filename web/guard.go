package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// contentPolicy lets a page use nothing but this server's own files.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// MinTokenLength is the least length of an access token, in bytes.
const MinTokenLength = 24

// CheckAddr refuses an address that other machines can reach where there is no
// access token, and a token that is too short to be one.
func CheckAddr(addr, token string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("read listen address %q: want host:port, such as 127.0.0.1:8080: %w", addr, err)
	}
	if token != "" && len(token) < MinTokenLength {
		return fmt.Errorf("the access token has %d characters: use at least %d, such as the output of `openssl rand -hex 24`",
			len(token), MinTokenLength)
	}
	if token == "" && !isLoopback(host) {
		return fmt.Errorf("listen address %q can be reached from other machines: set an access token of at least %d characters, "+
			"or listen on 127.0.0.1 only", addr, MinTokenLength)
	}
	return nil
}

// isLoopback says whether a host can be reached from this machine only. A name
// other than localhost may resolve to anything, and an empty host is every
// interface.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// checkHost refuses, on a loopback address, requests whose Host header names
// another host: a page elsewhere can make a browser send them by letting its own
// name resolve to 127.0.0.1.
func checkHost(addr string, next http.Handler) http.Handler {
	allowed := allowedHosts(addr)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !allowed(r) {
			http.Error(w, "This server answers to localhost only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// allowedHosts is the rule of checkHost.
func allowedHosts(addr string) func(*http.Request) bool {
	listen := "127.0.0.1"
	if host, _, err := net.SplitHostPort(addr); err == nil {
		listen = host
	}
	if !isLoopback(listen) {
		return func(*http.Request) bool { return true } // tokens guard these
	}
	allowed := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, strings.ToLower(listen): true}
	return func(r *http.Request) bool {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		return allowed[strings.ToLower(strings.Trim(host, "[]"))]
	}
}

// secureHeaders sets what every answer carries. Pages are not kept by any cache;
// static files say otherwise for themselves.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// limits bounds what a request may weigh and how long a page may take. Exports
// have a limit of their own.
func (s *server) limits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RawQuery) > maxQueryBytes || len(r.URL.EscapedPath()) > maxPathBytes {
			http.Error(w, http.StatusText(http.StatusRequestURITooLong), http.StatusRequestURITooLong)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxSignInBytes)
		if !strings.HasPrefix(r.URL.Path, "/export/") {
			ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
			defer cancel()
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

func isHTTPS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
