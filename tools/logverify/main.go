// Command logverify verifies an exported log with the field's own libraries: the checkpoints'
// signatures with golang.org/x/mod/sumdb/note, the tree and its proofs with
// github.com/transparency-dev/merkle. It shares nothing with the service but the specifications.
//
//	logverify -key VKEY FOLDER
//
// FOLDER is what manage.py export_log writes; proofs.json in it, if there, holds inclusion and
// consistency proofs as the REST API answers them.
package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

type line struct {
	Size uint64 `json:"size"`
	Note string `json:"note"`
}

type signed struct {
	Size uint64 `json:"size"`
	Note string `json:"note"`
	Root string `json:"root_hash"`
}

type inclusion struct {
	Index      uint64   `json:"index"`
	Leaf       string   `json:"leaf"`
	Proof      [][]byte `json:"proof"`
	Checkpoint signed   `json:"checkpoint"`
}

type consistency struct {
	First  signed   `json:"first"`
	Second signed   `json:"second"`
	Proof  [][]byte `json:"proof"`
}

type proofs struct {
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
}

func main() {
	key := flag.String("key", "", "the log's public key, name+id+base64")
	flag.Parse()
	if *key == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := verify(flag.Arg(0), *key); err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
		os.Exit(1)
	}
}

func verify(folder, key string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	checkpoints, err := readCheckpoints(filepath.Join(folder, "checkpoints.ndjson"), verifier)
	if err != nil {
		return err
	}
	entries, err := compareRoots(filepath.Join(folder, "entries.ndjson"), checkpoints)
	if err != nil {
		return err
	}
	proved, err := compareProofs(filepath.Join(folder, "proofs.json"), verifier)
	if err != nil {
		return err
	}
	fmt.Printf("verified %d entries, %d checkpoints, %d proofs\n", entries, len(checkpoints), proved)
	return nil
}

func readCheckpoints(path string, verifier note.Verifier) (map[uint64][]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	roots := map[uint64][]byte{}
	for _, text := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		var one line
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, err
		}
		checkpoint, err := open(one.Note, verifier)
		if err != nil {
			return nil, fmt.Errorf("checkpoint of %d: %w", one.Size, err)
		}
		roots[checkpoint.Size] = checkpoint.Hash
	}
	return roots, nil
}

// open parses a checkpoint under whichever origin it was signed: a log that was resumed has another.
func open(text string, verifier note.Verifier) (*log.Checkpoint, error) {
	origin, _, _ := bytes.Cut([]byte(text), []byte("\n"))
	checkpoint, _, _, err := log.ParseCheckpoint([]byte(text), string(origin), verifier)
	return checkpoint, err
}

func compareRoots(path string, roots map[uint64][]byte) (uint64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	tree := factory.NewEmptyRange(0)
	reader := bufio.NewReaderSize(file, 1<<20)
	for {
		entry, err := reader.ReadBytes('\n')
		if len(entry) == 0 && err != nil {
			break
		}
		leaf := rfc6962.DefaultHasher.HashLeaf(bytes.TrimSuffix(entry, []byte("\n")))
		if err := tree.Append(leaf, nil); err != nil {
			return 0, err
		}
		want, isSigned := roots[tree.End()]
		if !isSigned {
			continue
		}
		root, err := tree.GetRootHash(nil)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(root, want) {
			return 0, fmt.Errorf("the first %d entries do not have the root that was signed", tree.End())
		}
		delete(roots, tree.End())
		defer func(size uint64) { roots[size] = want }(tree.End())
	}
	if len(roots) > 0 {
		return 0, fmt.Errorf("%d signed trees are larger than the %d entries", len(roots), tree.End())
	}
	return tree.End(), nil
}

func compareProofs(path string, verifier note.Verifier) (int, error) {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	var all proofs
	if err := json.Unmarshal(data, &all); err != nil {
		return 0, err
	}
	hasher := rfc6962.DefaultHasher
	for _, one := range all.Inclusion {
		checkpoint, err := open(one.Checkpoint.Note, verifier)
		if err != nil {
			return 0, err
		}
		leaf, err := hex.DecodeString(one.Leaf)
		if err != nil {
			return 0, err
		}
		err = proof.VerifyInclusion(hasher, one.Index, checkpoint.Size, leaf, one.Proof, checkpoint.Hash)
		if err != nil {
			return 0, fmt.Errorf("entry %d: %w", one.Index, err)
		}
	}
	for _, one := range all.Consistency {
		was, err := open(one.First.Note, verifier)
		if err != nil {
			return 0, err
		}
		now, err := open(one.Second.Note, verifier)
		if err != nil {
			return 0, err
		}
		err = proof.VerifyConsistency(hasher, was.Size, now.Size, one.Proof, was.Hash, now.Hash)
		if err != nil {
			return 0, fmt.Errorf("%d to %d: %w", was.Size, now.Size, err)
		}
	}
	return len(all.Inclusion) + len(all.Consistency), nil
}
