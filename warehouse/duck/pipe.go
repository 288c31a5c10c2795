package duck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// errAbandoned tells the Go side of a pipe that the statement at the other end
// is over.
var errAbandoned = errors.New("the statement at the other end of the pipe has ended")

// PipeTo streams what fill writes into a statement: use runs the statement,
// which reads the file name it is given (`read_csv('/dev/fd/7')`). The name is
// good for one reading, while use runs. PipeTo returns when both have ended. When use
// ends first, writes fail; when fill fails or ctx ends, the statement sees the
// end of the file and may succeed on what came through, so whatever it made must
// be thrown away whenever PipeTo returns an error. A statement that leaves input
// unread is an error too. Of several errors the one that came first is returned.
func PipeTo(ctx context.Context, fill func(io.Writer) error, use func(path string) error) error {
	r, w, path, err := openPipe(func(r, _ *os.File) *os.File { return r })
	if err != nil {
		return err
	}
	widen(w)
	stop := context.AfterFunc(ctx, func() { w.Close() })
	defer stop()

	out := &pipeWriter{w: w}
	filled := make(chan error, 1)
	go func() {
		err := fill(out)
		if closeErr := w.Close(); err == nil && closeErr != nil && ctx.Err() == nil {
			err = fmt.Errorf("close pipe: %w", closeErr)
		}
		filled <- err
	}()

	useErr := use(path)
	closeErr := r.Close()
	fillErr := <-filled
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case useErr != nil && (fillErr == nil || out.abandoned):
		return useErr
	case fillErr != nil:
		return fillErr
	case out.abandoned:
		return errAbandoned
	}
	return closeErr
}

// PipeFrom streams what a statement writes into read: run runs the statement,
// which writes to the file name it is given (`copy (…) to '/dev/fd/7'`). read
// sees io.EOF only if the statement succeeded, and the error of the statement
// otherwise, so that a broken stream never looks complete. When read returns
// before the end, the rest of the output is read and thrown away: DuckDB would
// otherwise write to a broken pipe from a thread of its own, and the signal for
// that ends the process. A caller who does not want to wait for the rest cancels
// the context of the statement. The error of read comes first.
func PipeFrom(ctx context.Context, run func(path string) error, read func(io.Reader) error) error {
	r, w, path, err := openPipe(func(_, w *os.File) *os.File { return w })
	if err != nil {
		return err
	}
	widen(w)

	p := &pipeReader{r: r, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.err = run(path)
		if closeErr := w.Close(); p.err == nil && closeErr != nil {
			p.err = fmt.Errorf("close pipe: %w", closeErr)
		}
	}()

	readErr := read(p)
	rest, drainErr := io.Copy(io.Discard, r)
	<-p.done
	closeErr := r.Close()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case readErr != nil:
		return readErr
	case p.err != nil:
		return p.err
	case rest > 0:
		return fmt.Errorf("read the output of a statement: %d bytes were left unread", rest)
	}
	return errors.Join(drainErr, closeErr)
}

// openPipe returns both ends of a pipe and the name by which a statement opens
// the end that pick chooses. The descriptor is looked up without Fd, which would
// make writes block a thread.
func openPipe(pick func(r, w *os.File) *os.File) (r, w *os.File, path string, err error) {
	r, w, err = os.Pipe()
	if err != nil {
		return nil, nil, "", fmt.Errorf("open pipe: %w", err)
	}
	raw, err := pick(r, w).SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { path = fmt.Sprintf("/dev/fd/%d", fd) })
	}
	if err != nil {
		return nil, nil, "", errors.Join(fmt.Errorf("open pipe: %w", err), r.Close(), w.Close())
	}
	return r, w, path, nil
}

// pipeWriter tells the end of the other side from an error of the writer.
type pipeWriter struct {
	w         *os.File
	abandoned bool
}

func (p *pipeWriter) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) {
		p.abandoned = true
		err = errAbandoned
	}
	return n, err
}

// pipeReader replaces the end of the file by the error of the statement.
type pipeReader struct {
	r    *os.File
	done chan struct{}
	err  error
}

func (p *pipeReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if errors.Is(err, io.EOF) {
		<-p.done
		if p.err != nil {
			err = p.err
		}
	}
	return n, err
}
