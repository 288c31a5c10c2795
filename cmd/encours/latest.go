package main

import (
	"sync/atomic"

	"github.com/encours/encours/warehouse/project"
)

// latest is the project of a server as encours.yaml was read last.
type latest struct {
	project atomic.Pointer[project.Project]
}

// use makes another project the one that counts.
func (l *latest) use(p *project.Project) { l.project.Store(p) }

func (l *latest) current() *project.Project { return l.project.Load() }
