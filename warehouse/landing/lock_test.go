package landing

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets a test run this binary as a second writer.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ENCOURS_TEST_LOCK"); dir != "" {
		os.Exit(holdLock(dir))
	}
	os.Exit(m.Run())
}

// holdLock takes the lock, says so, and keeps it until its input ends.
func holdLock(dir string) int {
	lock, err := Acquire(dir, "encours ingest compta", noon)
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("locked")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 1
	}
	if err := lock.Release(); err != nil {
		return 1
	}
	return 0
}

// otherWriter starts a process that holds the lock of dir. Closing the result
// lets it release the lock and end.
func otherWriter(t *testing.T, dir string) (*exec.Cmd, io.Closer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ENCOURS_TEST_LOCK="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "locked\n" {
		t.Fatalf("the other writer said %q, error %v", line, err)
	}
	return cmd, in
}

func TestLockBetweenProcesses(t *testing.T) {
	for name, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"released": func(cmd *exec.Cmd, in io.Closer) error { return errors.Join(in.Close(), cmd.Wait()) },
		"killed": func(cmd *exec.Cmd, _ io.Closer) error {
			err := cmd.Process.Kill()
			_ = cmd.Wait() // reports the kill
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cmd, in := otherWriter(t, dir)
			_, err := Acquire(dir, "test", noon)
			var locked *LockedError
			if !errors.As(err, &locked) || locked.Holder == nil || locked.Holder.PID != cmd.Process.Pid {
				t.Fatalf("error %v", err)
			}
			for _, part := range []string{"encours ingest compta", fmt.Sprint(cmd.Process.Pid), "2025-01-15T12:00:00.123456Z"} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("no %q in %q", part, err)
				}
			}
			if err := end(cmd, in); err != nil {
				t.Fatal(err)
			}
			lock, err := Acquire(dir, "test", noon)
			if err != nil {
				t.Fatal(err)
			}
			if err := lock.Release(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLockInOneProcess(t *testing.T) {
	dir := t.TempDir()
	lock, err := Acquire(dir, "first", noon)
	if err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if _, err := Acquire(dir, "second", noon); !errors.As(err, &locked) || locked.Holder.Command != "first" {
		t.Errorf("error %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if lock, err = Acquire(dir, "third", noon); err != nil {
		t.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestLockedErrorWithoutHolder(t *testing.T) {
	dir := t.TempDir()
	lock, err := Acquire(dir, "first", noon)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := os.WriteFile(lock.file.Name(), []byte(`{"pid": 1`), 0o644); err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if _, err := Acquire(dir, "second", noon); !errors.As(err, &locked) || locked.Holder != nil || !strings.Contains(err.Error(), "another writer") {
		t.Errorf("error %v", err)
	}
}
