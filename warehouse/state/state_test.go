package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func openStore(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func token(name string) Token {
	return Token{Name: name, Datasets: []string{"invoices", "payments"}, Entities: []string{"ALPHA"}, Sources: []string{name}, Created: noon}
}

func add(t *testing.T, s *Store, token Token) string {
	t.Helper()
	text, err := s.AddToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTokenLives(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder?#%", "data")
	s := openStore(t, dir)
	limited := token("erp")
	limited.Expires = noon.Add(time.Hour)
	text := add(t, s, limited)
	if _, err := s.AddToken(t.Context(), token("erp")); !errors.Is(err, ErrTokenExists) {
		t.Errorf("the same name twice: %v", err)
	}
	other := openStore(t, dir) // another process
	got, err := other.CheckToken(t.Context(), text, noon)
	if err != nil || got.Name != "erp" || !slices.Equal(got.Datasets, limited.Datasets) || !got.Expires.Equal(limited.Expires) {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := s.CheckToken(t.Context(), text, noon.Add(time.Hour)); !errors.Is(err, ErrExpiredToken) {
		t.Errorf("at its end: %v", err)
	}
	if err := s.RevokeToken(t.Context(), "erp", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := other.CheckToken(t.Context(), text, noon); !errors.Is(err, ErrRevokedToken) {
		t.Errorf("after it was revoked: %v", err)
	}
	if err := s.RevokeToken(t.Context(), "erp", noon); !errors.Is(err, ErrUnknownToken) {
		t.Errorf("revoked twice: %v", err)
	}
	add(t, s, token("erp"))
	all, err := s.Tokens(t.Context())
	if err != nil || len(all) != 2 || !all[0].LastUsed.Equal(noon) || all[0].Revoked.IsZero() || !all[1].Revoked.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestTokensThatAreNone(t *testing.T) {
	s := openStore(t, t.TempDir())
	text := add(t, s, token("erp"))
	id, _, _ := strings.Cut(strings.TrimPrefix(text, tokenPrefix), "_")
	last := byte('A')
	if text[len(text)-5] == last {
		last = 'B'
	}
	for name, other := range map[string]string{
		"nothing": "", "the id": id, "no secret": tokenPrefix + id + "_", "a word": "hello",
		"another secret": text[:len(text)-5] + string(last) + text[len(text)-4:],
		"another id":     tokenPrefix + "00000000" + strings.TrimPrefix(text, tokenPrefix+id), "more": text + "x",
	} {
		if _, err := s.CheckToken(t.Context(), other, noon); !errors.Is(err, ErrUnknownToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoSecretIsKept looks for the token in every file.
func TestNoSecretIsKept(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	text := add(t, s, token("erp"))
	secret := text[len(tokenPrefix)+2*idBytes+1:]
	if len(secret) < 43 {
		t.Fatalf("the secret has %d characters", len(secret))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s holds the secret", file)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", file, err)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenExisting(t.Context(), dir); !errors.Is(err, ErrNone) {
		t.Fatalf("%v", err)
	}
	s := openStore(t, dir)
	if _, err := s.db.ExecContext(t.Context(), "pragma user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenExisting(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("a newer file: %v", err)
	}
}
