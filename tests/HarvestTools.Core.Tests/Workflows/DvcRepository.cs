using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A repository with a stage of DVC. The MD5s of its files are those of Python's hashlib.</summary>
internal sealed class DvcRepository : IDisposable
{
    public const string Export = """[{"id":1,"data":{"image":"/data/upload/4/e1/frame_1.jpg"},"updated_at":"2026-05-01T08:00:00Z","project":4,"annotations":[{"id":101,"completed_by":7,"updated_at":"2026-05-01T08:00:00Z","result":[]}]},{"id":2,"data":{"image":"/data/upload/4/e1/frame_2.jpg"},"updated_at":"2026-05-01T08:00:00Z","project":4,"annotations":[{"id":102,"completed_by":7,"updated_at":"2026-05-01T08:00:00Z","result":[]}]}]""";
    public const string ExportMd5 = "2d96b0e23b75fb011e97246b44d60381";
    public const string OtherExport = """[{"id":3,"data":{"image":"/data/upload/4/e1/frame_3.jpg"},"updated_at":"2026-05-01T08:00:00Z","project":5,"annotations":[{"id":103,"completed_by":7,"updated_at":"2026-05-01T08:00:00Z","result":[]}]}]""";
    public const string OtherExportMd5 = "afdd714b8b09a80e962bf58812a7f1c2";
    public const string Code = "import sys\nopen(sys.argv[-1], 'w').write('task_id\\n1\\n2\\n')\n";
    public const string CodeMd5 = "7f198403b6b48e1fd1973f51a18e319e";
    public const string Rows = "task_id\n1\n2\n";
    public const string RowsMd5 = "b1c4ae8a5fedf94150255af921ca1a40";
    public const string Command = "python3 src/rows.py a.json data/rows.csv";

    private readonly TemporaryRepository _temporary = new();
    private readonly string _trust = Directory.CreateTempSubdirectory("harvest-trust-").FullName;

    public DvcRepository()
    {
        Write("a.json", Export);
        Write("src/rows.py", Code);
        Write("params.yaml", "rows:\n  min: 1\ntrain: 5\n");
        Write("dvc.yaml", Pipeline(Command));
        Write("dvc.lock", Lock());
        Cache(RowsMd5, Rows);
    }

    public string Folder => _temporary.Folder;

    public WorkContext Context => _temporary.Context;

    public Repository Repository
    {
        get
        {
            Repository repository = _temporary.Repository;
            (repository.TrustPrograms, repository.Trust) = (false, new TrustList(_trust));
            return repository;
        }
    }

    public static string Pipeline(string command, string deps = "[src/rows.py, a.json]", string outs = "[data/rows.csv]") =>
        $"stages:\n  rows:\n    cmd: {command}\n    deps: {deps}\n    params: [rows.min]\n    outs: {outs}\n";

    /// <summary>As DVC 3 writes it, or with an empty mark as DVC 2.</summary>
    public static string Lock(string command = Command, string export = ExportMd5, string code = CodeMd5, string rows = RowsMd5, string outs = "data/rows.csv", string mark = "hash: md5, ", string exports = "a.json", int min = 1, string src = "src/rows.py") => $$"""
        schema: '2.0'
        stages:
          rows:
            cmd: {{command}}
            deps:
            - { path: {{exports}}, {{mark}}md5: {{export}}, size: 1 }
            - { path: {{src}}, {{mark}}md5: {{code}}, size: 1 }
            params: { params.yaml: { rows.min: {{min}} } }
            outs:
            - { path: {{outs}}, {{mark}}md5: {{rows}}, size: 1 }

        """;

    public void Write(string path, string text) => _temporary.WriteText(path, text);

    public void Cache(string md5, string text, bool old = false) => Write($".dvc/cache/{(old ? "" : "files/md5/")}{md5[..2]}/{md5[2..]}", text);

    public string PathOf(string path) => _temporary.PathOf(path);

    public DvcImport Plan(DvcImportRequest? request = null) => ImportDvc.Plan(Repository, request ?? new DvcImportRequest(Folder), Context);

    public DvcImport Import(DvcImportRequest? request = null) => ImportDvc.Run(Repository, request ?? new DvcImportRequest(Folder), Context);

    /// <summary>What an import that fails says, and that it left all as it was.</summary>
    public HarvestException Fails(DvcImportRequest? request = null)
    {
        byte[] before = File.ReadAllBytes(PathOf("harvest.json"));
        HarvestException fault = Assert.Throws<HarvestException>(() => Import(request));
        Assert.Equal(before, File.ReadAllBytes(PathOf("harvest.json")));
        Assert.Empty(Repository.Slices.Versions());
        return fault;
    }

    public void Dispose()
    {
        Directory.Delete(_trust, recursive: true);
        _temporary.Dispose();
    }
}
