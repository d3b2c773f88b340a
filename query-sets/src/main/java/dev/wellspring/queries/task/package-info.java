/// Families of queries that are made and graded by program: what all of them share. A family knows its questions,
/// their answers, and where each question lies among the others.
@NullMarked
package dev.wellspring.queries.task;

import org.jspecify.annotations.NullMarked;
