package dev.wellspring.queries.token;

/// Where a stream of chunks stands, to go on from there later without tokenising what lies before.
///
/// @param documents how many documents lie before
/// @param parts how many parts of the next document do
public record Position(long documents, int parts) {
    /// Before the first chunk.
    public static final Position START = new Position(0, 0);

    public Position {
        if (documents < 0 || parts < 0) {
            throw new IllegalArgumentException(
                    "position: expected documents and parts of 0 or more, got " + documents + " and " + parts);
        }
    }
}
