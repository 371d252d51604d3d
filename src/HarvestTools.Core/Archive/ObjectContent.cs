using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <summary>An open object. Disposing it closes the stream.</summary>
/// <param name="stream">The bytes in order; it need not seek.</param>
/// <param name="bytes">How many the store says there are; 0 where only reading shows it.</param>
internal sealed class ObjectContent(Stream stream, long bytes) : IDisposable
{
    /// <summary>The bytes in order, for one pass.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>The object's size as the store has it; damaged bytes may be more or fewer.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>All bytes.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="HarvestException">It cannot be read, or is damaged and verified.</exception>
    public byte[] ToArray(string name)
    {
        try
        {
            using var all = new MemoryStream(checked((int)Bytes));
            Stream.CopyTo(all);
            return all.ToArray();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, name, "read");
        }
    }

    public void Dispose() => Stream.Dispose();
}
