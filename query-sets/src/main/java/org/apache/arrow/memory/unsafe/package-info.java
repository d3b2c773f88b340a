/// Arrow's memory, from `java.lang.foreign`. Arrow looks for a class of one exact name in this package of its
/// own; none of the published modules that hold one starts quietly on JDK 25 without opening the platform's
/// internals.
@NullMarked
package org.apache.arrow.memory.unsafe;

import org.jspecify.annotations.NullMarked;
