package dev.wellspring.rank;

/// A row that can be ranked: its id and part settle ties, so they are unique among the rows of one ranking.
public interface Rankable {
    /// The id of the document.
    String document();

    /// The number of the chunk of that document, from 0.
    int part();
}
