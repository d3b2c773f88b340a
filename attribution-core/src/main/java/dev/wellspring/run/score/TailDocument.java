package dev.wellspring.run.score;

/// A document at an end of some query's ranking.
///
/// @param place its number among the documents of the run, chunks counted one by one
/// @param document its id
/// @param part the number of the chunk, from 0
/// @param queries the numbers of the queries at whose ends it stands, rising
public record TailDocument(long place, String document, int part, int[] queries) {}
