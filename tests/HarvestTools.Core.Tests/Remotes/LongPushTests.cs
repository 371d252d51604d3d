using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Remotes;

/// <summary>What a push relies on while one transfer takes longer than its lease.</summary>
public sealed class LongPushTests : IDisposable
{
    private readonly TemporaryFolder _share = new();
    private readonly TemporaryRepository _here = new();
    private readonly RunningClock _clock = new();

    public LongPushTests()
    {
        (_here.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }] }).Write(_here.Repository.SettingsPath);
        _here.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 12), "a");
        _here.New("v1");
    }

    public void Dispose()
    {
        _here.Dispose();
        _share.Dispose();
    }

    [Fact]
    public void The_lease_is_renewed_while_one_object_is_sent_for_days()
    {
        TransferResult result = Push(() =>
        {
            for (int hour = 0; hour < 50; hour++)
            {
                _clock.Pass(TimeSpan.FromHours(1));
            }
        });

        Assert.Empty(result.Items.Select(static item => item.Error).OfType<HarvestException>());
        Assert.Empty(Directory.GetFiles(_share["leases"]));
    }

    [Fact]
    public void A_renewal_that_fails_is_made_up_for_before_the_lease_is_over()
    {
        using var files = new FolderFiles(_share.Path);
        using RemoteUse use = RemoteUse.Begin(files, _clock, [new string('a', 64)], null, null, CancellationToken.None);
        using (FileFaults.Use(new Refused()))
        {
            _clock.Pass(TimeSpan.FromHours(2));
        }

        _clock.Pass(TimeSpan.FromHours(23) - TimeSpan.FromMinutes(45));
        Assert.False(use.HasLapsed());
        Assert.True(Assert.Single(RemoteLeases.Of(files, _clock.GetUtcNow(), out _, CancellationToken.None)).Expires.Instant > _clock.GetUtcNow().AddHours(20));
    }

    [Fact]
    public void A_push_of_a_machine_that_slept_for_days_says_so_and_is_repeated()
    {
        HarvestException lapsed = Assert.Throws<HarvestException>(() => Push(() => _clock.Sleep(TimeSpan.FromDays(2))));
        Assert.Equal(nameof(TransferErrors.LeaseLapsed), lapsed.ErrorId);
        Assert.IsType<RemedyAction.PushSlices>(Assert.Single(lapsed.Remedy.Actions));

        TransferResult again = Push(static () => { });
        Assert.All(again.Items, static item => Assert.Equal(TransferOutcome.AlreadyThere, item.Outcome));
        Assert.Empty(Directory.GetFiles(_share["leases"]));
    }

    private TransferResult Push(Action meanwhile)
    {
        using (FileFaults.Use(new AtFirstObject(_share["sha256"], meanwhile)))
        {
            return PushSlices.Run(_here.Repository, new TransferRequest { Transfers = 1 }, _here.Context with { Clock = _clock });
        }
    }

    private sealed class AtFirstObject(string folder, Action meanwhile) : IFileFaults
    {
        private bool _called;

        public void Before(FileCall call, string path)
        {
            if (!_called && call == FileCall.OpenWrite && path.StartsWith(folder, StringComparison.Ordinal))
            {
                _called = true;
                meanwhile();
            }
        }
    }

    private sealed class Refused : IFileFaults
    {
        public void Before(FileCall call, string path) => throw new UnauthorizedAccessException("denied");
    }

    /// <summary>A clock whose timers fire as the test lets time pass.</summary>
    private sealed class RunningClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state), _now + dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Sleep(TimeSpan time) => _now += time;

        public void Pass(TimeSpan time)
        {
            for (DateTimeOffset end = _now + time; _now < end;)
            {
                _now += TimeSpan.FromMinutes(15);
                foreach (Timer due in _timers.FindAll(timer => timer.Due <= _now))
                {
                    due.Fire();
                }
            }
        }

        private sealed class Timer(RunningClock clock, Action call, DateTimeOffset due, TimeSpan period) : ITimer
        {
            public DateTimeOffset Due { get; private set; } = due;

            public void Fire()
            {
                Due = clock._now + period;
                call();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() => clock._timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
