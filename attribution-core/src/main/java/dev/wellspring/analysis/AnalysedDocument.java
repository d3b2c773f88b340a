package dev.wellspring.analysis;

import org.jspecify.annotations.Nullable;

/// A document that the analyses name.
///
/// @param number its place in the run, from 0
/// @param document its id
/// @param part the number of the chunk, from 0
/// @param source where it comes from, if the corpus says so
/// @param preview the beginning of its text
public record AnalysedDocument(
        long number, String document, int part, @Nullable String source, String preview) {}
