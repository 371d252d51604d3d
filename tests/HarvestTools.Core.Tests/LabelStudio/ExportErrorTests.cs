using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

public sealed class ExportErrorTests
{
    private const string Task1 = "{\"id\":71,\"data\":{}}";

    [Theory]
    [InlineData("", "ExportEmpty: a.json is empty")]
    [InlineData(" \n ", "ExportEmpty: a.json is empty")]
    [InlineData("\uFEFF", "ExportEmpty: a.json is empty")]
    [InlineData("\n 17", "ExportNotAnArray: a.json, line 2, byte 2: a Label Studio export starts with [ and this file with '1'")]
    [InlineData("<!DOCTYPE html>", "ExportIsWebPage: a.json is a web page (HTML), not an export")]
    [InlineData("{\"a\":1}", "ExportNotAnArray: a.json, line 1, byte 0: a Label Studio export starts with [ and this file with '{', an object with a.")]
    [InlineData("{", "ExportNotAnArray: a.json, line 1, byte 0")]
    [InlineData("PK\u0003\u0004", "ExportIsPacked: a.json is packed twice")]
    [InlineData("{\"action\":\"ANNOTATION_CREATED\",\"annotation\":{\"id\":1},\"project\":{},\"task\":{}}", "ExportIsWebhook: a.json is the payload of one webhook event")]
    [InlineData("{\"id\":5,\"annotations\":[],\"data\":{}}", "ExportIsSingleTask: a.json is a single task, not an array of tasks")]
    [InlineData("{\"completions\":[],\"data\":{}}", "ExportIsSingleTask: a.json is a single task, not an array of tasks")]
    [InlineData("{\"images\":[],\"categories\":[],\"annotations\":[]}", "ExportIsCoco: a.json is a COCO file")]
    [InlineData("{\"id\":1,\"data\":{}}\n{\"id\":2,\"data\":{}}\n", "ExportIsJsonLines: a.json is a sequence of JSON objects (JSON lines)")]
    [InlineData("[", "ExportTruncated: a.json is cut off: it ends at line 1, byte 1, after task 0")]
    [InlineData("[" + Task1, "ExportTruncated: a.json is cut off: it ends at line 1, byte 20, after task 1")]
    [InlineData("[" + Task1 + ",", "ExportTruncated: a.json is cut off: it ends at line 1, byte 21, after task 1")]
    [InlineData("[" + Task1 + ",\n{\"id\":72,\"da", "ExportTruncated: a.json is cut off: it ends at byte 34, inside task 2, id 72, which starts at line 2, byte 22")]
    [InlineData("[" + Task1 + ",]", "ExportTaskNotAnObject: a.json, line 1, byte 21 (after task 1): expected a task after the comma")]
    [InlineData("[" + Task1 + ",null]", "ExportTaskNotAnObject: a.json, line 1, byte 21 (after task 1): expected a task, which is a JSON object, found 'n'")]
    [InlineData("[[]]", "ExportTaskNotAnObject: a.json, line 1, byte 1: expected a task, which is a JSON object, found '['")]
    [InlineData("[" + Task1 + "\n" + Task1 + "]", "ExportCommaMissing: a.json, line 2, byte 21 (after task 1): expected a comma or the closing ], found '{'")]
    [InlineData("[" + Task1 + "}]", "ExportCommaMissing: a.json, line 1, byte 20 (after task 1): expected a comma or the closing ], found '}'")]
    [InlineData("[" + Task1 + "]\n[]", "ExportTrailingData: a.json, line 2, byte 22 (after task 1): a second JSON value starts")]
    [InlineData("[" + Task1 + "]\0\0", "ExportTrailingData: a.json, line 1, byte 21 (after task 1): there is byte 0x00 after the end")]
    [InlineData("[" + Task1 + ",\n{\"id\":72,\n\"data\":{,}}]", "ExportMalformed: a.json, line 3, byte 40 (task 2, id 72): the JSON is malformed: unexpected ','")]
    [InlineData("[{\"id\":72,\"data\":[}]}]", "ExportMalformed: a.json, line 1, byte 18 (task 1, id 72): the JSON is malformed: unexpected '}'")]
    [InlineData("[{\"id\":72,\"data\":\"a\nb\"}]", "ExportMalformed: a.json, line 1, byte 19 (task 1, id 72): the JSON is malformed: raw control character byte 0x0A")]
    [InlineData("[{\"id\":72,\"data\":NaN}]", "ExportNotFinite: a.json, line 1, byte 17 (task 1, id 72): NaN and Infinity are not JSON numbers")]
    [InlineData("[{\"id\":72,\"data\":-Infinity}]", "ExportNotFinite: a.json, line 1, byte")]
    [InlineData("[{\"id\":72,\"data\":1e999}]", "ExportValueUnusable: a.json, line 1, byte 17 (task 1, id 72): a number beyond the range of a 64-bit float")]
    [InlineData("[{\"id\":72,\"data\":\"\\ud83d\"}]", "ExportValueUnusable: a.json, line 1, byte 17 (task 1, id 72): an escaped half of a surrogate pair")]
    [InlineData("[{\"id\":\"x\",\"data\":1}]", "ExportValueUnusable: a.json, line 1, byte 7 (task 1): \"id\" must be an integer")]
    [InlineData("[{\"id\":72,\"annotations\":{}}]", "ExportValueUnusable: a.json, line 1, byte 24 (task 1, id 72): \"annotations\" must be an array")]
    [InlineData("[{\"model_version\":\"m\",\"result\":[]}]", "ExportIsPredictions: a.json, line 1, byte 1 (task 1): this is a list of predictions")]
    [InlineData("[{\"id\":7,\"image\":\"a\",\"annotator\":1,\"annotation_id\":2,\"lead_time\":1}]", "ExportIsJsonMin: a.json, line 1, byte 1 (task 1, id 7): this is the JSON-MIN format")]
    public void Faults_are_named_with_their_place(string text, string expected) =>
        Assert.StartsWith(expected, Replay.Outcome(Encoding.UTF8.GetBytes(text), Replay.Everything), StringComparison.Ordinal);

    [Theory]
    [InlineData("FF-FE-5B-00-5D-00")]
    [InlineData("FE-FF-00-5B-00-5D")]
    [InlineData("5B-00-5D-00")]
    [InlineData("00-5B-00-5D")]
    [InlineData("FF-FE-00-00-5B-00-00-00")]
    public void Wide_text_is_told_from_UTF8(string hex) =>
        Assert.StartsWith("ExportNotUtf8: ", Replay.Outcome(Convert.FromHexString(hex.Replace("-", "", StringComparison.Ordinal)), Replay.Everything), StringComparison.Ordinal);

    [Fact]
    public void Invalid_UTF8_is_named_by_its_byte()
    {
        byte[] file = Encoding.UTF8.GetBytes("[{\"id\":5,\"data\":\"é?\"}]");
        file[Array.IndexOf(file, (byte)'?')] = 0xC3;

        Assert.Equal(
            "ExportInvalidUtf8: a.json, line 1, byte 19 (task 1, id 5): byte 0xC3 is not valid UTF-8.",
            Replay.Outcome(file, Replay.Everything));
    }

    [Fact]
    public void Nesting_is_read_to_256_levels_and_refused_beyond()
    {
        string Nested(int levels) => $"[{{\"id\":5,\"data\":{new string('[', levels - 1)}{new string(']', levels - 1)}}}]";

        Assert.Equal("fine", Replay.Outcome(Encoding.UTF8.GetBytes(Nested(256)), Replay.Everything));
        Assert.Equal(
            "ExportNestedTooDeep: a.json, line 1, byte 271 (task 1, id 5): the JSON is nested deeper than 256 levels.",
            Replay.Outcome(Encoding.UTF8.GetBytes(Nested(257)), Replay.Everything));
        Assert.StartsWith(
            "ExportNestedTooDeep: ",
            Replay.Outcome(Encoding.UTF8.GetBytes("[{\"data\":" + new string('[', 100_000)), Replay.Everything),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, "fine")]
    [InlineData(1024 * 1024, "fine")]
    [InlineData((1024 * 1024) + 1, "ExportTaskTooLarge: a.json, line 1, byte 21 (task 2, id 9): the task is larger than 1 MiB")]
    [InlineData(100_000_000, "ExportTaskTooLarge: a.json, line 1, byte 21 (task 2, id 9): the task is larger than 1 MiB")]
    public void A_huge_task_is_refused_without_reading_it_whole(int length, string expected)
    {
        string head = "{\"id\":9,\"data\":\"";
        var limits = new ExportLimits(BatchBytes: 4096, MaxTaskBytes: 1024 * 1024);
        using var stream = new ChainStream(
            Encoding.UTF8.GetBytes("[" + Task1 + "," + head), length - head.Length - 2, (byte)'x', Encoding.UTF8.GetBytes("\"}]"));

        Assert.StartsWith(expected, Replay.Outcome([], Replay.Everything, 1, limits, stream), StringComparison.Ordinal);
        Assert.True(stream.Position < 4 * 1024 * 1024, $"{stream.Position} bytes were read");
    }

    /// <summary>Whether the first region has a shape, which its text is written by, depends on what the thread has read before.</summary>
    [Fact]
    public void What_is_malformed_comes_before_a_number_that_has_no_canonical_form()
    {
        const string Task = """[{"id":1,"annotations":[{"id":1,"result":[{"value":{"rating":1e999},"id":"a"},{"value":{"rating":3},"id":"b","type":"rating","from_name":"c"}MARK]}],"data":{}}]""";

        Assert.StartsWith(
            "ExportMalformed: a.json, line 1, byte 141 (task 1, id 1): the JSON is malformed: unexpected 'x'",
            Replay.Outcome(Encoding.UTF8.GetBytes(Task.Replace("MARK", "x", StringComparison.Ordinal)), static _ => new LabelHashWorker()),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "ExportValueUnusable: a.json, line 1, byte 61 (task 1, id 1)",
            Replay.Outcome(Encoding.UTF8.GetBytes(Task.Replace("MARK", "", StringComparison.Ordinal)), static _ => new LabelHashWorker()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_quote_is_found_where_it_is_and_not_as_a_huge_task()
    {
        string tasks = string.Concat(Enumerable.Repeat(Task1 + ",", 500));
        string file = "[" + Task1 + ",{\"id\":8,\"data\":{\"a:1}}," + tasks + Task1 + "]";

        Assert.StartsWith(
            "ExportMalformed: a.json, line 1, byte 46 (task 2, id 8): the JSON is malformed: unexpected 'i'",
            Replay.Outcome(Encoding.UTF8.GetBytes(file), Replay.Everything, 1, new ExportLimits(4096, 8192)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_first_fault_in_the_file_is_reported_whatever_the_timing(int threads)
    {
        var file = new StringBuilder("[");
        for (int i = 1; i <= 2000; i++)
        {
            file.Append(i % 500 == 0 ? "{\"id\":\"bad\",\"data\":{}}," : Task1 + ",");
        }

        file.Append("garbage");
        byte[] bytes = Encoding.UTF8.GetBytes(file.ToString());
        for (int run = 0; run < 20; run++)
        {
            Assert.Equal(
                "ExportValueUnusable: a.json, line 1, byte 9987 (task 500): \"id\" must be an integer.",
                Replay.Outcome(bytes, _ => new SlowFirst(), threads, new ExportLimits(256)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_worker_that_fails_does_not_block_the_reader(int threads)
    {
        byte[] file = Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat(Task1 + ",", 20_000)) + Task1 + "]");

        Assert.Throws<InvalidTimeZoneException>(() => ExportPipeline.Run(
            new MemoryStream(file), "a.json", null, threads, _ => new Failing(), null, CancellationToken.None, new ExportLimits(1024)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelling_stops_at_once(int threads)
    {
        using var cancel = new CancellationTokenSource();
        using var endless = new ChainStream("["u8.ToArray(), int.MaxValue, (byte)' ', [])
        {
            BeforeRead = position =>
            {
                if (position > 1_000_000)
                {
                    cancel.Cancel();
                }
            },
        };

        Assert.Throws<OperationCanceledException>(() => ExportPipeline.Run(
            endless, "a.json", null, threads, Replay.Everything, null, cancel.Token));
        Assert.True(endless.Position < 2_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Progress_comes_on_the_calling_thread_and_may_end_the_pass(int threads)
    {
        int calling = Environment.CurrentManagedThreadId;
        using var endless = new ChainStream("["u8.ToArray(), int.MaxValue, (byte)' ', []);
        long last = 0;
        var progress = new Immediate(bytes =>
        {
            Assert.Equal(calling, Environment.CurrentManagedThreadId);
            Assert.True(bytes >= last);
            last = bytes;
            if (bytes > 1_000_000)
            {
                throw new InvalidTimeZoneException();
            }
        });

        Assert.Throws<InvalidTimeZoneException>(() => ExportPipeline.Run(
            endless, "a.json", null, threads, Replay.Everything, progress, CancellationToken.None));
    }

    [Fact]
    public void Read_and_write_faults_name_the_file_without_the_systems_words()
    {
        byte[] file = Encoding.UTF8.GetBytes("[" + Task1 + "]");
        using var closed = new MemoryStream();
        closed.Dispose();

        Assert.Equal("ExportUnreadable: a.json cannot be read; the system refused at byte 0.", Replay.Outcome([], Replay.Everything, 1, null, closed));
        HarvestException copy = Assert.Throws<HarvestException>(() => ExportPipeline.Run(
            new MemoryStream(file), "a.json", closed, 2, Replay.Everything, null, CancellationToken.None));
        Assert.Equal("ExportCopyFailed", copy.ErrorId);
        Assert.Equal(HarvestFault.FileSystem, copy.Fault);
        Assert.Equal("ExportNotFound", Assert.Throws<HarvestException>(() => ExportFingerprint.Compute("no/such.json", true)).ErrorId);
        Assert.Equal("ExportUnreadable", Assert.Throws<HarvestException>(() => ExportFingerprint.Compute(Path.GetTempPath(), true)).ErrorId);
    }

    [Theory]
    [InlineData("golden/evalme_multi_annotator_bbox/JSON_MIN/result.json", "ExportIsJsonMin")]
    [InlineData("official/mlbackend_opossum_snow_short_1.json", "ExportIsPredictions")]
    [InlineData("official/mlbackend_test_timeline_labels_1.json", "ExportIsWebhook")]
    [InlineData("official/old_completions_image_bbox_1.json", "ExportIsSingleTask")]
    [InlineData("official/editor_timeseries_1.json", "ExportIsSingleTask")]
    [InlineData("official/sdk/test_import_coco/coco_import_input.json", "ExportIsCoco")]
    [InlineData("official/sdk/test_export_json_min/label_config_repeater.json", "ExportNotAnArray")]
    public void Real_files_that_are_no_exports_are_named_for_what_they_are(string file, string errorId)
    {
        string path = SharedExports.Require(file);

        Assert.Equal(errorId, Assert.Throws<HarvestException>(() => ExportFingerprint.Compute(path, true)).ErrorId);
    }

    [Fact]
    public void An_array_of_other_objects_is_no_export()
    {
        using var stream = new MemoryStream("[{\"a\":1},{\"b\":2}]"u8.ToArray());

        HarvestException error = Assert.Throws<HarvestException>(() => ExportFingerprint.Compute(stream, "a.json", null, true));

        Assert.Equal("ExportHoldsNoTasks", error.ErrorId);
    }

    /// <summary>Lets later tasks overtake the first, as a slow machine would.</summary>
    private sealed class SlowFirst : ITaskWorker
    {
        private readonly ITaskWorker _inner = Replay.Everything(0);

        public void Process(in RawTask task)
        {
            if (task.Ordinal == 500)
            {
                Thread.Sleep(2);
            }

            _inner.Process(task);
        }
    }

    private sealed class Failing : ITaskWorker
    {
        public void Process(in RawTask task) => throw new InvalidTimeZoneException();
    }

    private sealed class Immediate(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
