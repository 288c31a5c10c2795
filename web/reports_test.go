package web

import (
	"context"
	"testing"

	"github.com/encours/encours/reports"
)

// typedView is a view type of another package's own.
type typedView struct{ View }

// typedService returns its own view type, and a nil one with an error.
type typedService struct{ err error }

func (s typedService) Open(context.Context, reports.Selection) (*typedView, error) {
	if s.err != nil {
		return nil, s.err
	}
	return &typedView{}, nil
}

func (s typedService) Ready(context.Context) error { return s.err }

func (s typedService) Sources(context.Context) (*reports.Sources, error) { return nil, s.err }

func TestAdapt(t *testing.T) {
	failing := Adapt[*typedView](typedService{reports.ErrNoGeneration})
	if view, err := failing.Open(t.Context(), reports.Selection{}); view != nil || err == nil {
		t.Errorf("view %v, error %v: want no view at all", view, err)
	}
	if err := failing.Ready(t.Context()); err == nil {
		t.Error("no error from Ready")
	}
	if view, err := Adapt[*typedView](typedService{}).Open(t.Context(), reports.Selection{}); view == nil || err != nil {
		t.Errorf("view %v, error %v", view, err)
	}
}
