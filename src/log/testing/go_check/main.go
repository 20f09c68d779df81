// Judges the logs that write_samples wrote, with golang.org/x/mod's note and tlog
// packages: signatures and cosignatures, every tile, every entry bundle, inclusion and
// consistency proofs. It shares no code with what it judges. Exit status 1 and a line on
// what is wrong, or the number of things that were accepted.
//
// Usage: go_check FOLDER
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func die(format string, args ...interface{}) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func read(parts ...string) []byte {
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		die("%v", err)
	}
	return content
}

// cosigner verifies cosignature/v1, which the note package does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(text string) cosigner {
	parts := strings.SplitN(text, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		die("bad witness key %q", text)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:4])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		die("witness key id is not %08x: %q", hash, text)
	}
	return cosigner{parts[0], hash, key[1:]}
}

// tilePath drops the height that tlog writes into paths and C2SP does not.
func tilePath(t tlog.Tile) string {
	return strings.Replace(t.Path(), "tile/8/", "tile/", 1)
}

// folder reads tiles from disk for tlog, which checks them against the root.
type folder struct{ path string }

func (f folder) Height() int { return 8 }
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		content, err := os.ReadFile(filepath.Join(f.path, tilePath(t)))
		if err != nil {
			return nil, err
		}
		out = append(out, content)
	}
	return out, nil
}
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all bundles.
func entries(path string, size int64) [][]byte {
	var out [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		t := tlog.Tile{H: 8, L: 0, N: n, W: int(width)}
		name := strings.Replace(tilePath(t), "tile/0/", "tile/entries/", 1)
		rest := read(path, name)
		for i := int64(0); i < width; i++ {
			if len(rest) < 2 {
				die("%s ends early", name)
			}
			length := int(binary.BigEndian.Uint16(rest))
			if len(rest) < 2+length {
				die("%s ends early", name)
			}
			out = append(out, rest[2:2+length])
			rest = rest[2+length:]
		}
		if len(rest) != 0 {
			die("%s has bytes after the last entry", name)
		}
	}
	return out
}

func hashes(lines []string) []tlog.Hash {
	var out []tlog.Hash
	for _, line := range lines {
		h, err := tlog.ParseHash(line)
		if err != nil {
			die("%v", err)
		}
		out = append(out, h)
	}
	return out
}

func names(path string) []string {
	list, _ := os.ReadDir(path)
	var out []string
	for _, item := range list {
		out = append(out, item.Name())
	}
	return out
}

type judge struct {
	root      string
	verifiers note.Verifiers
	roots     map[int64]tlog.Hash
	stored    []tlog.Hash // of the largest log
	accepted  int
}

func (j *judge) checkpoint(text []byte) (int64, tlog.Hash) {
	n, err := note.Open(text, j.verifiers)
	if err != nil {
		die("note: %v", err)
	}
	if len(n.Sigs) != 2 || len(n.UnverifiedSigs) != 0 {
		die("%d signatures verified instead of 2", len(n.Sigs))
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != "example.org/log" {
		die("checkpoint text %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		die("%v", err)
	}
	j.accepted += 2
	return size, hashes(lines[2:3])[0]
}

func (j *judge) log(size int64) {
	path := filepath.Join(j.root, strconv.FormatInt(size, 10))
	got, root := j.checkpoint(read(path, "checkpoint"))
	if got != size {
		die("checkpoint of size %d instead of %d", got, size)
	}
	j.roots[size] = root
	if size == 0 {
		if root != tlog.Hash(sha256.Sum256(nil)) {
			die("the root of the empty log is %v", root)
		}
		return
	}
	all := entries(path, size)
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, x := range indexes {
			out = append(out, j.stored[x])
		}
		return out, nil
	})
	// The sizes come in order, and every log continues the one before.
	for n := tlogCount(j.stored); n < size; n++ {
		more, err := tlog.StoredHashes(n, all[n], stored)
		if err != nil {
			die("%v", err)
		}
		j.stored = append(j.stored, more...)
	}
	want, err := tlog.TreeHash(size, stored)
	if err != nil || want != root {
		die("size %d: root %v instead of %v (%v)", size, root, want, err)
	}
	for _, t := range tlog.NewTiles(8, 0, size) {
		// It also lists the narrower partial tiles of every tree on the way.
		if t.W < 256 && int64(t.W) != size>>(8*t.L)%256 {
			continue
		}
		data, err := tlog.ReadTileData(t, stored)
		if err != nil {
			die("%v", err)
		}
		if !bytes.Equal(data, read(path, tilePath(t))) {
			die("size %d: %s differs", size, tilePath(t))
		}
		j.accepted++
	}
	tree := tlog.Tree{N: size, Hash: root}
	tiles := tlog.TileHashReader(tree, folder{path})
	for _, name := range names(filepath.Join(path, "receipts")) {
		j.receipt(path, name, all, tree, tiles)
	}
	for _, name := range names(filepath.Join(path, "consistency")) {
		old, _ := strconv.ParseInt(name, 10, 64)
		lines := strings.Fields(string(read(path, "consistency", name)))
		if err := tlog.CheckTree(tlog.TreeProof(hashes(lines)), size, root, old, j.roots[old]); err != nil {
			die("consistency of %d and %d: %v", old, size, err)
		}
		j.accepted++
	}
}

// tlogCount is how many records these stored hashes are of.
func tlogCount(stored []tlog.Hash) int64 {
	return int64(sort.Search(1<<20, func(n int) bool {
		return tlog.StoredHashCount(int64(n)) >= int64(len(stored))
	}))
}

func (j *judge) receipt(path, name string, all [][]byte, tree tlog.Tree, tiles tlog.HashReader) {
	index, _ := strconv.ParseInt(name, 10, 64)
	text := string(read(path, "receipts", name))
	end := strings.Index(text, "\n\n")
	lines := strings.Split(text[:end], "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != "index "+name {
		die("receipt %s begins with %q", name, lines[:2])
	}
	size, root := j.checkpoint([]byte(text[end+2:]))
	proof := tlog.RecordProof(hashes(lines[2:]))
	if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(all[index])); err != nil {
		die("receipt %s of size %d: %v", name, size, err)
	}
	theirs, err := tlog.ProveRecord(tree.N, index, tiles)
	if err != nil || fmt.Sprint(theirs) != fmt.Sprint(proof) {
		die("the proof of %s of size %d is another (%v)", name, size, err)
	}
	j.accepted++
}

func main() {
	root := os.Args[1]
	logKey, err := note.NewVerifier(string(read(root, "log-key")))
	if err != nil {
		die("log key: %v", err)
	}
	witness := newCosigner(string(read(root, "witness-key")))
	j := &judge{root: root, verifiers: note.VerifierList(logKey, witness), roots: map[int64]tlog.Hash{}}
	sizes := []int64{0, 1, 2, 255, 256, 257, 65535, 65536, 65537, 70000}
	for _, size := range sizes {
		j.log(size)
	}
	fmt.Printf("%d logs: %d signatures, tiles and proofs accepted\n", len(sizes), j.accepted)
}
