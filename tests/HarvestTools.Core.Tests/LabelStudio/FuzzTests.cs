using System.Text;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Damaged files: whatever the bytes, there is an error with a place or a result, and the same one however the bytes arrive.</summary>
public sealed class FuzzTests
{
    /// <summary>Every construct that a reader meets, in a few hundred bytes.</summary>
    private const string Small = """
        [{"id":1,"annotations":[{"id":"7","completed_by":{"id":3},"result":[{"id":"a\/b","type":"keypointlabels","original_width":10.0,
        "original_height":1e1,"value":{"x":1.5,"y":-2e-1,"keypointlabels":["\u00e9\ud83d\ude00é"]},"meta":{"b":[],"a":null}},
        {"id":"t","type":"timelinelabels","value":{"ranges":[{"start":1,"end":null}],"timelinelabels":["x"]}},
        {"id":"v","type":"videorectangle","value":{"framesCount":9,"sequence":[{"frame":1,"enabled":true,"x":0}],"labels":["c"]}},
        {"type":"relation","from_id":"a"}],"was_cancelled":false}],"drafts":[{}],"data":{"t":"}{][\"\\"},"predictions":[1,{"result":[{"id":"q"}]}]} ,
         {"id":2.0,"completions":[],"data":{"n":[true,false,null,0.1]}}
        ]
        """;

    public static TheoryData<string> Files { get; } =
    [
        "derived/editor_timeline_regions.json",
        "official/ls_image_urls_with_bboxes_gt.json",
        "official/ls_tasks_annotations_predictions.json",
        "official/evalme_old_format_completions.json",
        "real/textarea_origin_mix.json",
    ];

    [Fact]
    public void The_sample_itself_is_fine() => Assert.Equal("fine", Replay.Outcome(Encoding.UTF8.GetBytes(Small), Replay.Everything));

    [Fact]
    public void Every_truncation_is_an_error_with_a_place() => Truncate(Encoding.UTF8.GetBytes(Small));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_truncation_of_a_real_export_is_an_error(string file) => Truncate(File.ReadAllBytes(SharedExports.Require(file)));

    [Fact]
    public void Every_byte_replaced_by_any_other_gives_an_error_or_a_result()
    {
        byte[] file = Encoding.UTF8.GetBytes(Small);
        int fine = 0;
        for (int at = 0; at < file.Length; at++)
        {
            byte kept = file[at];
            foreach (byte wrong in "\0\n \"\\{}[]:,-0e.x\u007f"u8)
            {
                file[at] = wrong;
                fine += Survives(file) ? 1 : 0;
            }

            foreach (byte wrong in (ReadOnlySpan<byte>)[0x80, 0xC3, 0xED, 0xFF, (byte)(kept ^ 1), (byte)(kept ^ 0x20)])
            {
                file[at] = wrong;
                fine += Survives(file) ? 1 : 0;
            }

            file[at] = kept;
        }

        Assert.True(fine > 0);
    }

    [Fact]
    public void Every_byte_left_out_or_doubled_gives_an_error_or_a_result()
    {
        byte[] file = Encoding.UTF8.GetBytes(Small);
        for (int at = 0; at < file.Length; at++)
        {
            Survives([.. file[..at], .. file[(at + 1)..]]);
            Survives([.. file[..at], file[at], .. file[at..]]);
        }
    }

    /// <summary>Small batches cut the file at every byte: tasks and places must not move.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Tasks_are_the_same_wherever_the_bytes_are_cut(string file)
    {
        byte[] bytes = File.ReadAllBytes(SharedExports.Require(file));
        List<string> expected = Replay.Tasks(bytes, 1);
        Assert.NotEmpty(expected);

        for (int piece = 1; piece < 140; piece++)
        {
            Assert.Equal(expected, Replay.Tasks([], 1, new ExportLimits(BatchBytes: 64 + piece), new DripStream(bytes, piece)));
        }

        Assert.Equal(expected, Replay.Tasks([], 3, new ExportLimits(BatchBytes: 100), new DripStream(bytes, 7)));
    }

    [Fact]
    public void Errors_are_the_same_wherever_the_bytes_are_cut()
    {
        byte[] file = Encoding.UTF8.GetBytes(Small);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            string expected = Replay.Outcome(cut, Replay.Everything);
            Assert.Equal(expected, Replay.Outcome([], Replay.Everything, 1, new ExportLimits(64), new DripStream(cut, 1)));
            Assert.Equal(expected, Replay.Outcome([], Replay.Everything, 1, new ExportLimits(65 + (length % 64)), new DripStream(cut, 63)));
        }
    }

    [Fact]
    public void Runs_of_backslashes_and_quotes_are_counted_right_at_every_offset()
    {
        for (int pad = 0; pad < 70; pad++)
        {
            for (int slashes = 0; slashes < 70; slashes++)
            {
                string text = new string('p', pad) + new string('\\', slashes * 2) + "\\\"}]" + new string('\\', slashes * 2);
                string task = $"{{\"data\":\"{text}\"}}";

                Assert.Equal(["1 @1 line 1 " + task, $"2 @{task.Length + 2} line 1 {task}"], Replay.Tasks(Encoding.UTF8.GetBytes($"[{task},{task}]"), 1));
            }
        }
    }

    private static void Truncate(byte[] file)
    {
        int end = file.AsSpan().TrimEnd(" \r\n\t"u8).Length;
        for (int length = 0; length < end; length++)
        {
            string outcome = Replay.Outcome(file[..length], Replay.Everything);
            Assert.True(outcome.StartsWith(file.AsSpan(0, length).Trim(" \r\n\t"u8).IsEmpty ? "ExportEmpty" : "ExportTruncated", StringComparison.Ordinal), $"{length}: {outcome}: {Encoding.UTF8.GetString(file.AsSpan(Math.Max(0, length - 20), Math.Min(length, 20)))}");
        }
    }

    /// <summary>Any exception but the engine's own fails the test.</summary>
    private static bool Survives(byte[] file) => Replay.Outcome(file, Replay.Everything) == "fine";
}
