/// Numbers that other people's software computed, for tests of every part; `resources/golden/README.md` says how.
@NullMarked
package dev.wellspring.golden;

import org.jspecify.annotations.NullMarked;
