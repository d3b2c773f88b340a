/// What people and pipes read of a run: tables, JSON, CSV.
@NullMarked
package dev.wellspring.cli.report;

import org.jspecify.annotations.NullMarked;
