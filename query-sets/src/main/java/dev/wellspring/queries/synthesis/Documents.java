package dev.wellspring.queries.synthesis;

/// The documents of a corpus by index, made when asked for. For any number of threads.
public interface Documents {
    /// The document at an index from 0, the same whenever it is asked for. Where the distinct ones are used up they
    /// come again, in another order and with other ids.
    LabelledDocument at(long index);

    /// How many documents there are before they repeat; [Long#MAX_VALUE] where they do not.
    long distinct();
}
