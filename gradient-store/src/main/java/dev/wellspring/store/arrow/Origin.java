package dev.wellspring.store.arrow;

/// What a reader tells people of a file that it cannot use.
///
/// @param what the file should be, such as `a score file`
/// @param where such files are found, such as `a folder that wellspring score has written`
/// @param remedy for a broken one, such as `delete it and run the score again`
public record Origin(String what, String where, String remedy) {}
