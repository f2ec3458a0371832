package io.asyncgateway.server;

/** Whether connections of trusted proxies begin with a header of the PROXY protocol. */
public enum ProxyProtocol {
    /** No connection does; a header is a malformed request. */
    OFF,
    /** Each connection of a trusted proxy does, in version 1 or 2. */
    ON,
    /** Each connection of a trusted proxy does, in version 1. */
    V1,
    /** Each connection of a trusted proxy does, in version 2. */
    V2
}
