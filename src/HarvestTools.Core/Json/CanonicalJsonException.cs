namespace HarvestTools.Json;

/// <summary>
/// JSON that is well-formed but holds something no UTF-8 text or 64-bit float can. Never reaches the user: the caller that knows the
/// file turns it into an error with a place.
/// </summary>
internal sealed class CanonicalJsonException(string what, long position) : Exception(what)
{
    /// <summary>Where the token starts, in bytes from the start of what was read.</summary>
    public long Position { get; } = position;
}
