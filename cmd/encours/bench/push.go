package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	pushClients  = 8
	pushMessages = 1000
	pushRows     = 100 // of each message
)

// pushed lets clients send small messages to a server of a project of its own.
func (o Options) pushed(ctx context.Context, dir string, s *size) (err error) {
	folder := filepath.Join(dir, "push")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	yaml := "version: 1\nname: push\nentities: [{ id: A, name: A }]\n"
	if err := os.WriteFile(filepath.Join(folder, "encours.yaml"), []byte(yaml), 0o644); err != nil {
		return err
	}
	token, err := exec.CommandContext(ctx, o.Program, "token", "add", "--project", folder,
		"--name", "bench", "--datasets", "invoices", "--entity", "A").Output()
	if err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	address, _, stop, err := o.startServer(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(err)) }()
	started := time.Now()
	var group sync.WaitGroup
	problems := make([]error, pushClients)
	for client := range pushClients {
		group.Go(func() {
			for i := client; i < pushMessages && problems[client] == nil; i += pushClients {
				problems[client] = push(ctx, address, strings.TrimSpace(string(token)), i)
			}
		})
	}
	group.Wait()
	s.push = time.Since(started)
	return errors.Join(problems...)
}

// push sends one message of invoices and reads the answer.
func push(ctx context.Context, address, token string, number int) error {
	var body strings.Builder
	for i := range pushRows {
		fmt.Fprintf(&body, `{"side":"customer","document_id":"F%d-%d","instalment":1,"counterparty_id":"C%d","document_type":"invoice","issue_date":"2025-01-15","amount":%d.50}`+"\n",
			number, i, i, number)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/v1/landing/invoices", strings.NewReader(body.String()))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%d", number))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if response.StatusCode/100 != 2 {
		err = errors.Join(err, fmt.Errorf("push: %s: %s", response.Status, text))
	}
	return errors.Join(err, response.Body.Close())
}
