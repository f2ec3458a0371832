package io.asyncgateway.perf;

/**
 * One round.
 *
 * @param total microseconds of processor time of a request, in user mode and in the kernel
 * @param user of these in user mode
 * @param requests how many were answered
 */
record Cost(double total, double user, long requests) {}
