using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Files;

public sealed class FlushedStreamTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_arrives_whatever_is_flushed_meanwhile()
    {
        byte[] bytes = new byte[1_000_003];
        new Random(7).NextBytes(bytes);
        using (var file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var flushed = new FlushedStream(file, stepBytes: 10_000);
            for (int at = 0; at < bytes.Length; at += 777)
            {
                flushed.Write(bytes.AsSpan(at, Math.Min(777, bytes.Length - at)));
            }

            flushed.Settle();
            Assert.Equal(bytes.Length, flushed.Length);
        }

        Assert.Equal(bytes, File.ReadAllBytes(_path));
    }

    [Fact]
    public void A_flush_that_failed_is_told_once_more_is_written_or_at_the_end()
    {
        using var file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite);
        using var flushed = new FlushedStream(file, stepBytes: 3);
        using IDisposable observed = DiskFlush.Observe(new FailingFlush());
        flushed.Write([1, 2, 3]);

        Assert.Equal("no space", Assert.Throws<IOException>(flushed.Settle).Message);
        Assert.Equal("no space", Assert.Throws<IOException>(() => flushed.Write([1, 2, 3])).Message);
    }

    private sealed class FailingFlush : IDiskFlush
    {
        public void File(SafeFileHandle file, string path) => throw new IOException("no space");

        public void Folder(string folder) => Assert.Fail("A stream has no folder to flush.");
    }
}
