namespace HarvestTools.Tests.Files;

/// <summary>A stream on a disk that is full after some bytes.</summary>
internal sealed class FullDisk(int room) : MemoryStream
{
    // ENOSPC, and ERROR_DISK_FULL as .NET reports it.
    private static readonly int s_code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Length + count > room)
        {
            throw new IOException("No space left on device", s_code);
        }

        base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
}
