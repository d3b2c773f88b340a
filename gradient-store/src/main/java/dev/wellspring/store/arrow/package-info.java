/// Arrow IPC files as this module writes and reads them, on Arrow's flatbuffer definitions alone: a file appears
/// whole or not at all, its buffers begin at multiples of 64 bytes so that a mapping can be computed on as it is, and
/// every byte is under a checksum. What the columns mean is said by the packages that use this one.
@NullMarked
package dev.wellspring.store.arrow;

import org.jspecify.annotations.NullMarked;
