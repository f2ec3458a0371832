/**
 * The command {@code async-gateway}: reads options from a file, the environment and the command line, loads an application and serves
 * it until a signal comes.
 *
 * <p>{@link io.asyncgateway.cli.Main} is the entry. {@code Options} is the table of all options, from which the command line, the
 * environment, the file's keys, the help and the documentation follow.
 */
@NullMarked
package io.asyncgateway.cli;

import org.jspecify.annotations.NullMarked;
