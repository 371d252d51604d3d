using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

public sealed class ExportPipelineTests
{
    private const string ThreeTasks = "[{\"id\":1,\"data\":{\"t\":\"}{][\\\"\\\\\"}},\n {\"id\":2,\"data\":{}} , {\"id\":3,\"data\":[]}]";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Cuts_an_export_into_its_tasks(int threads)
    {
        List<string> tasks = Replay.Tasks(Encoding.UTF8.GetBytes(ThreeTasks), threads);

        Assert.Equal(
            ["1 @1 line 1 {\"id\":1,\"data\":{\"t\":\"}{][\\\"\\\\\"}}", "2 @36 line 2 {\"id\":2,\"data\":{}}", "3 @57 line 2 {\"id\":3,\"data\":[]}"],
            tasks);
    }

    [Fact]
    public void Hashes_and_copies_every_byte_of_the_file()
    {
        byte[] file = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("\r\n" + ThreeTasks + "\r\n  ")];
        using var copy = new MemoryStream();

        ExportPass pass = ExportPipeline.Run(
            new MemoryStream(file), "a.json", copy, 2, _ => new Collector([]), null, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), pass.Sha256);
        Assert.Equal(file.Length, pass.Bytes);
        Assert.Equal(3, pass.Tasks);
        Assert.Equal(file, copy.ToArray());
    }

    /// <summary>Up to a batch the buffer is as large as the file, and beyond it is a batch.</summary>
    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void An_export_of_about_a_batch_is_read_whole(int more)
    {
        const string begins = "[{\"id\":1,\"data\":{\"t\":\"";
        const string ends = "\"}},{\"id\":2,\"data\":{}}]";
        int length = ExportLimits.Default.BatchBytes + more;
        byte[] file = Encoding.UTF8.GetBytes(begins + new string('x', length - begins.Length - ends.Length) + ends);
        Assert.Equal(length, file.Length);
        var tasks = new ConcurrentBag<(long Ordinal, string Text)>();

        ExportPass pass = ExportPipeline.Run(new MemoryStream(file), "a.json", null, 2, _ => new Collector(tasks), null, CancellationToken.None);

        Assert.Equal((2, file.Length), (pass.Tasks, pass.Bytes));
        Assert.Equal(2, tasks.Count);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), pass.Sha256);
    }

    [Fact]
    public void An_export_that_grows_while_it_is_read_is_read_whole()
    {
        byte[] file = Encoding.UTF8.GetBytes(ThreeTasks);
        var tasks = new ConcurrentBag<(long Ordinal, string Text)>();

        ExportPass pass = ExportPipeline.Run(new Growing(file), "a.json", null, 2, _ => new Collector(tasks), null, CancellationToken.None);

        Assert.Equal((3, file.Length), (pass.Tasks, pass.Bytes));
        Assert.Equal(3, tasks.Count);
    }

    [Fact]
    public void A_small_export_takes_little_memory()
    {
        byte[] file = Encoding.UTF8.GetBytes(ThreeTasks);
        _ = Allocated();
        Assert.InRange(Allocated(), 0, 20_000);

        long Allocated()
        {
            var worker = new Collector([]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ExportPipeline.Run(new MemoryStream(file), "a.json", null, 2, _ => worker, null, CancellationToken.None);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Hashes_any_bytes_where_no_tasks_are_wanted()
    {
        byte[] file = [0xFF, 0, 1, 2];

        ExportPass pass = ExportPipeline.Run(new MemoryStream(file), "a.bin", null, 1, null, null, CancellationToken.None);

        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(file)), 4, 0), (pass.Sha256, pass.Bytes, pass.Tasks));
        Assert.Equal("ExportNotAnArray", pass.Foreign?.ErrorId);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ \n ] \n")]
    public void An_empty_array_has_no_tasks(string text) => Assert.Empty(Replay.Tasks(Encoding.UTF8.GetBytes(text), 1));

    /// <summary>A file to which somebody appends after its length was looked at.</summary>
    private sealed class Growing(byte[] bytes) : MemoryStream(bytes)
    {
        public override long Length => 9;
    }
}
