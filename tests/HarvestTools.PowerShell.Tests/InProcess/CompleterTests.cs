using System.Management.Automation;
using System.Reflection;

namespace HarvestTools.Tests.InProcess;

/// <summary>Every parameter with a completer, asked as the Tab key asks it.</summary>
public sealed class CompleterTests(CompleterTests.Repositories repositories) : IClassFixture<CompleterTests.Repositories>
{
    /// <summary>Cmdlet and parameter, of every parameter that has a completer.</summary>
    public static TheoryData<string, string> Completed
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (Type cmdlet in CmdletContract.Cmdlets)
            {
                foreach (PropertyInfo parameter in CmdletContract.Parameters(cmdlet).Where(static p => CmdletContract.Attribute(p, "ArgumentCompleterAttribute") is not null))
                {
                    pairs.Add(CmdletContract.NameOf(cmdlet), parameter.Name);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Completed))]
    public void It_offers_something_in_a_repository(string cmdlet, string parameter)
    {
        repositories.GoTo(repositories.Filled);
        (IReadOnlyList<CompletionResult> offers, IReadOnlyList<ErrorRecord> errors) = repositories.Module.Complete($"{cmdlet} -{parameter} ");
        Assert.NotEmpty(offers);
        Assert.Empty(errors);
        // Files are what PowerShell offers by itself where a completer has nothing.
        Assert.Contains(offers, static offer => offer.ResultType is not (CompletionResultType.ProviderItem or CompletionResultType.ProviderContainer));
    }

    [Theory]
    [MemberData(nameof(Completed))]
    public void It_writes_no_error_where_there_is_no_repository(string cmdlet, string parameter)
    {
        repositories.GoTo(repositories.Nowhere);
        (IReadOnlyList<CompletionResult> offers, IReadOnlyList<ErrorRecord> errors) = repositories.Module.Complete($"{cmdlet} -{parameter} ");
        Assert.Empty(errors);
        Assert.DoesNotContain(offers, static offer => offer.CompletionText is "v1" or "v2" or "a" or "b" or "pck");
    }

    /// <summary>A repository with one of everything that can be named, and a folder that is none.</summary>
    public sealed class Repositories : IDisposable
    {
        public Repositories()
        {
            Filled = (string)Assert.Single(Module.Succeed("New-TestRepository \"$($args[0])/filled\"", Module.Folder));
            Nowhere = Directory.CreateDirectory(Path.Combine(Module.Folder, "nowhere")).FullName;
            _ = Module.Succeed(
                """
                $null = New-Slice v1 -Reason first -NoBuild -Repository $args[0]
                $null = New-Slice v2 -Reason second -NoBuild -Repository $args[0]
                $settings = Get-Content "$($args[0])/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
                $settings.remotes = @{ origin = '../share' }
                $settings.media = @{ '/data/' = 'raw' }
                $settings | ConvertTo-Json -Depth 20 | Set-Content "$($args[0])/harvest.json"

                # One of the frames that its exports name is enough.
                $null = New-Item -ItemType File -Force "$($args[0])/raw/episode_0000/1.jpg"
                $null = New-Slice v3 -Reason third -IncludeMedia -Repository $args[0] -WarningAction SilentlyContinue

                # In the newest slice: completers look there first and do not look for long.
                $null = Register-SliceModel v3 hand -Path s3://models/hand.pt -Metric @{ pck = 0.91 } -Repository $args[0]
                $env:MLFLOW_TRACKING_URI = "$($args[0])/mlruns"
                try { $null = Register-SliceModel v3 tracked -Mlflow -Repository $args[0] -WarningAction SilentlyContinue }
                finally { Remove-Item env:MLFLOW_TRACKING_URI }

                # People are known to the index, once it was asked for one.
                $null = Get-SliceSource -Annotator 1 -Repository $args[0] -ErrorAction SilentlyContinue
                """,
                Filled);
        }

        public ModuleRunspace Module { get; } = new();

        public string Filled { get; }

        public string Nowhere { get; }

        public void GoTo(string folder) => Module.Succeed("Set-Location -LiteralPath $args[0]", folder);

        public void Dispose() => Module.Dispose();
    }
}
