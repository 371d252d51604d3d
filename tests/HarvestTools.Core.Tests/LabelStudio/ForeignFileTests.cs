using System.Text;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Files that people pick up instead of an export are named for what they are, with or without reading tasks.</summary>
public sealed class ForeignFileTests
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    private const string Task = "{\"id\":1,\"data\":{\"image\":\"a.jpg\"},\"annotations\":[]}";
    private const string Annotation = "{\"id\":27,\"completed_by\":1,\"lead_time\":3.2,\"result\":[{\"id\":\"a\"}],\"task\":{\"id\":594,\"data\":{}}}";

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:" + Oid + "\nsize 1234567\n", "ExportIsLfsPointer", "SHA-256 4d7a214614ab, 1.2 MB")]
    [InlineData("version https://git-lfs.github.com/spec/v1\r\noid sha256:" + Oid + "\r\nsize 12\r\n", "ExportIsLfsPointer", "SHA-256 4d7a214614ab, 12 B")]
    [InlineData("\uFEFFversion https://git-lfs.github.com/spec/v1\next-0-foo sha256:" + Oid + "\noid sha256:" + Oid + "\nsize 12", "ExportIsLfsPointer", "12 B")]
    [InlineData("version https://hawser.github.com/spec/v1\noid sha256:short\n", "ExportIsLfsPointer", "not the file that it names.")]
    [InlineData("outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 12\n  hash: md5\n  path: a.json\n", "ExportIsDvcFile", "which names a.json by its hash")]
    [InlineData("# a comment\r\nmd5: a304\r\nfrozen: true\r\ndeps:\r\n- path: b\r\nouts:\r\n- md5: c\r\n  path: 'ex port.json'\r\n", "ExportIsDvcFile", "which names b by its hash")]
    [InlineData("schema: '2.0'\nstages:\n  get:\n    cmd: curl\n    outs:\n    - path: a.json\n      md5: c\n", "ExportIsDvcFile", "a.json")]
    [InlineData("{\"detail\":\"Authentication credentials were not provided.\"}", "ExportIsApiError", ": \"Authentication credentials were not provided\".")]
    [InlineData("{\"id\":\"7f\",\"status_code\":404,\"version\":\"1.13.1\",\"detail\":\"No Project matches the given query.\",\"exc_info\":null}", "ExportIsApiError", "(status 404): \"No Project")]
    [InlineData("{\"error\":\"invalid_token\"}", "ExportIsApiError", "invalid_token")]
    [InlineData("{\"error\":{\"code\":401,\"message\":\"expired\"}}", "ExportIsApiError", "expired")]
    [InlineData("{\"Message\":\"Missing Authentication Token\"}", "ExportIsApiError", "Missing Authentication Token")]
    [InlineData("{\"non_field_errors\":[\"Unable to log in.\"]}", "ExportIsApiError", "Unable to log in")]
    [InlineData("[{\"detail\":\"Not found.\"}]", "ExportIsApiError", "Not found")]
    [InlineData("[\"You do not have permission\\u000ahere.\"]", "ExportIsApiError", "You do not have permission here")]
    [InlineData("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "ExportIsApiError", "Request has expired")]
    [InlineData("502 Bad Gateway", "ExportIsApiError", "502 Bad Gateway")]
    [InlineData("{\"tasks\":[" + Task + "],\"total\":1,\"total_annotations\":0}", "ExportIsApiPage", "one page of a list of the API")]
    [InlineData("{\"count\":1,\"next\":null,\"previous\":null,\"results\":[" + Task + "]}", "ExportIsApiPage", "one page")]
    [InlineData("{\"data\":[" + Task + "]}", "ExportIsApiPage", "one page")]
    [InlineData("<!DOCTYPE html>\n<html><head><title>Label Studio</title></head><body>login</body></html>", "ExportIsWebPage", "is a login page (HTML), \"Label Studio\"")]
    [InlineData("\uFEFF\r\n\t <!-- generated -->\n<HTML lang=en><body><form>Password</form>", "ExportIsWebPage", "is a login page (HTML)")]
    [InlineData("<html><title>404\n  Not\tFound</title></html>", "ExportIsWebPage", "is a web page (HTML), \"404 Not Found\"")]
    [InlineData(Annotation, "ExportIsAnnotation", "target storage")]
    [InlineData("[" + Annotation + "]", "ExportIsAnnotation", "line 1, byte 1 (task 1, id 27): this is an annotation")]
    [InlineData("{\"id\":1,\"result\":[],\"was_cancelled\":true,\"task\":5}", "ExportIsAnnotation", "one annotation")]
    [InlineData(Task + "\n" + Task + "\n", "ExportIsJsonLines", "JSON lines")]
    [InlineData(Annotation + "\r\n" + Annotation, "ExportIsJsonLines", "JSON lines")]
    [InlineData("id,image,label\n1,a.jpg,\"[{\"\"x\"\":1}]\"\n", "ExportIsCsv", "commas")]
    [InlineData("\uFEFF\"annotation id\";\"my; column\";\"z\"\n\"1\";\"2\";\"3\"\n", "ExportIsCsv", "semicolons")]
    [InlineData("a\tb\tc\n1\t2\t3\n", "ExportIsCsv", "tabs")]
    [InlineData("sep=;\na;b\n1;2\n", "ExportIsCsv", "semicolons")]
    [InlineData("image,annotator", "ExportIsCsv", "commas")]
    [InlineData("{\"images\":[],\"annotations\":[],\"categories\":[]}", "ExportIsCoco", "COCO")]
    [InlineData("[{\"info\":{},\"images\":[],\"annotations\":[{\"id\":1,\"image_id\":1}],\"categories\":[]}]", "ExportIsCoco", "COCO")]
    [InlineData("[{\"image_id\":1,\"category_id\":2,\"bbox\":[1,2,3,4],\"score\":0.5}]", "ExportIsCoco", "COCO")]
    [InlineData("[{\"id\":7,\"image\":\"a\",\"annotator\":1,\"annotation_id\":2,\"lead_time\":1}]", "ExportIsJsonMin", "JSON-MIN")]
    [InlineData("{\"results\":[{\"result\":[],\"score\":1}],\"model_version\":\"m\"}", "ExportIsPredictions", "predictions")]
    [InlineData("[{\"result\":[],\"score\":1,\"model_version\":\"m\"}]", "ExportIsPredictions", "predictions")]
    [InlineData("{\"action\":\"TASKS_CREATED\",\"tasks\":[" + Task + "],\"project\":{}}", "ExportIsWebhook", "webhook")]
    [InlineData("{\"action\":\"ANNOTATIONS_DELETED\",\"annotations\":[{\"id\":1}],\"project\":{}}", "ExportIsWebhook", "webhook")]
    [InlineData(Task, "ExportIsSingleTask", "single task")]
    [InlineData("---\nname: a\n", "ExportIsYaml", "YAML")]
    [InlineData("names:\n  0: cup\n", "ExportIsYaml", "YAML")]
    [InlineData("- id: 1\n  data: x\n", "ExportIsYaml", "YAML")]
    [InlineData("<View><Image name=\"i\" value=\"$image\"/></View>", "ExportIsOtherFormat", "labeling configuration")]
    [InlineData("{\"categories\":[],\"info\":{\"year\":2024}}", "ExportIsOtherFormat", "YOLO")]
    [InlineData("%PDF-1.7\n", "ExportIsOtherFormat", "PDF")]
    [InlineData("<<<<<<< HEAD\n[]\n=======\n[{}]\n>>>>>>> b\n", "ExportHasConflicts", "merge conflict")]
    [InlineData("BZh91AY&SY", "ExportIsPacked", "packed")]
    [InlineData(" \n", "ExportEmpty", "is empty")]
    public void A_file_is_named_for_what_it_is(string text, string id, string says)
    {
        byte[] file = Encoding.UTF8.GetBytes(text);

        HarvestException read = Read(file, Replay.Everything);
        Assert.Equal((id, HarvestFault.InvalidData), (read.ErrorId, read.Fault));
        Assert.Contains(says, read.Message, StringComparison.Ordinal);
        Assert.Contains("a.json", read.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', read.Message);

        // What only hashes and copies looks at the first bytes, and comes to the same.
        ExportPass pass = ExportPipeline.Run(new MemoryStream(file), "a.json", null, 1, null, null, CancellationToken.None);
        Assert.Equal((read.ErrorId, read.Message), (pass.Foreign?.ErrorId, pass.Foreign?.Message));
        Assert.Equal(file.Length, pass.Bytes);
    }

    [Theory]
    [InlineData("{\"detail\":\"Invalid token.\"}", "access token")]
    [InlineData("{\"status_code\":403,\"detail\":\"x\"}", "access token")]
    [InlineData("{\"status_code\":500,\"detail\":\"x\"}", "/api/projects/ID/export?exportType=JSON")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:" + Oid, "git lfs pull")]
    [InlineData("outs:\n- md5: c\n  path: my export.json\n", "Run dvc pull, then use my export.json.")]
    [InlineData("<html>login</html>", "Log in")]
    [InlineData(Annotation, "/api/projects/ID/export?exportType=JSON")]
    public void The_remedy_is_the_way_to_the_export(string text, string says) =>
        Assert.Contains(says, Read(Encoding.UTF8.GetBytes(text), Replay.Everything).Remedy.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("[" + Task + "]")]
    [InlineData("[{\"image\":\"a.jpg\",\"detail\":\"scratched\",\"message\":\"none\"}," + Task + "]")]
    [InlineData("[{\"id\":1,\"message\":\"hello\"}]")]
    [InlineData("[{\"data\":{\"images\":[]},\"images\":[],\"annotations\":[]}]")]
    public void What_may_be_an_export_is_left_alone(string text) =>
        Assert.Equal("fine", Replay.Outcome(Encoding.UTF8.GetBytes(text), Replay.Everything));

    [Theory]
    [InlineData("once upon a time")]
    [InlineData("\"text\"")]
    [InlineData("17")]
    [InlineData("{\"a\":1}")]
    [InlineData("x, y")]
    [InlineData("Hello: world is, of course\0")]
    public void What_is_unknown_is_not_guessed(string text) =>
        Assert.StartsWith("ExportNotAnArray: ", Replay.Outcome(Encoding.UTF8.GetBytes(text), Replay.Everything), StringComparison.Ordinal);

    [Fact]
    public void Wide_tables_are_told_to_be_saved_as_UTF8()
    {
        ExportPass pass = ExportPipeline.Run(
            new MemoryStream([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id\timage\n1\ta")]), "a.json", null, 1, null, null, CancellationToken.None);
        Assert.Equal("ExportNotUtf8", pass.Foreign?.ErrorId);
    }

    [Theory]
    [InlineData("failing/target_storage_object.json", "ExportIsAnnotation")]
    [InlineData("failing/not_an_export_api_error.json", "ExportIsApiError")]
    [InlineData("failing/not_an_export_csv.json", "ExportIsCsv")]
    [InlineData("failing/not_an_export_lfs_pointer.json", "ExportIsLfsPointer")]
    [InlineData("failing/not_an_export_login_page.json", "ExportIsWebPage")]
    public void Reported_files_are_named(string file, string id) =>
        Assert.Equal(id, Read(File.ReadAllBytes(SharedExports.Require(file)), Replay.Everything).ErrorId);

    /// <summary>No beginning of any of them brings the reader down, whatever it then takes it for.</summary>
    [Fact]
    public void Every_beginning_is_an_error_too()
    {
        foreach (string text in (string[])[Annotation, "{\"detail\":\"x\\u00e9\"}", "outs:\n- md5: a\n", "id,a\n\"1,\n", "<html><title>", "version https://git-lfs.github.com/spec/v1\noid"])
        {
            for (int length = 1; length < text.Length; length++)
            {
                Assert.NotEqual("fine", Replay.Outcome(Encoding.UTF8.GetBytes(text[..length]), Replay.Everything));
            }
        }
    }

    /// <summary>The error of the pass, or of an array without tasks afterwards.</summary>
    private static HarvestException Read(byte[] file, Func<int, ITaskWorker> createWorker)
    {
        try
        {
            return ExportPipeline.Run(new MemoryStream(file), "a.json", null, 1, createWorker, null, CancellationToken.None).Foreign
                ?? throw new Xunit.Sdk.XunitException("it was read as an export");
        }
        catch (HarvestException fault)
        {
            return fault;
        }
    }
}
