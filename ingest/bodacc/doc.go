// Package bodacc reads notices of the BODACC, the French gazette of commercial
// announcements: the answers and CSV exports of its open-data service
// (dataset annonces-commerciales), and the XML files of DILA (PCL, RCS-A, RCS-B,
// BILAN, Divers).
//
// Invariant: every notice becomes one row per company that it names, or one reject,
// or is counted in a remark where it names nobody who is registered. The three shapes
// of one notice give the same rows, save for what a shape does not hold.
package bodacc
