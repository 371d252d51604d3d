#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
    $repository = New-TestRepository "$TestDrive/stop" -Empty
    $large = New-TestExport "$TestDrive/large.json" -Tasks 20000 -Filling 15000

    # Runs a command in another runspace, waits until it is at work, stops it as Ctrl-C would, and says how long that took.
    function Stop-Command([string] $Script, [scriptblock] $AtWork) {
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$root/HarvestTools.psd1'; $Script")
            $running = $shell.BeginInvoke()
            $patience = [System.Diagnostics.Stopwatch]::StartNew()
            while (-not (& $AtWork $shell) -and -not $running.IsCompleted -and $patience.Elapsed.TotalSeconds -lt 30) { Start-Sleep -Milliseconds 5 }
            $running.IsCompleted | Should -BeFalse -Because 'the work must still be under way to be stopped'
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'A stopped command' {
    It 'ends at once while it adds an export, and leaves nothing of it' {
        $before = Get-FolderState $repository
        $seconds = Stop-Command "Add-Export '$($large.FullName)' -Project a -Repository '$repository'" {
            @(Get-ChildItem "$repository/.harvest/archive/sha256" -Recurse -File -Force -Filter '.tmp-*' | Where-Object Length -GT 0).Count -gt 0
        }
        $seconds | Should -BeLessThan 2

        # Which repositories use the archive is entered under a lock before anything else, and is no part of an export.
        ((Get-FolderState $repository) -split "`n" -notmatch '[\\/](archive[\\/]repositories|locks)[\\/]') -join "`n" | Should -Be $before
        (Test-ExportArchive -Repository $repository).Findings | Should -BeNullOrEmpty
    }

    It 'ends at once while it makes a slice, and leaves no slice' {
        $null = Add-Export $large.FullName -Project a -Repository $repository
        $seconds = Stop-Command "New-Slice v1 -Repository '$repository'" {
            Test-Path "$repository/.harvest/cache/*"
        }
        $seconds | Should -BeLessThan 2
        Get-Slice -Repository $repository | Should -BeNullOrEmpty
        @(Get-ChildItem "$repository/.harvest" -Recurse -File -Force -Filter *.parquet).Count | Should -Be 0
    }

    It 'works when it is run again' {
        (New-Slice v1 -Repository $repository).Rows | Should -Be 20000
    }
}

Describe 'A long history' {
    BeforeAll {
        # As many slices as make reading them take a while; written, not made, since only their manifests are read.
        $long = New-TestRepository "$TestDrive/long" -Empty
        $hash = 'a' * 64
        foreach ($i in 1..3000) {
            $folder = [System.IO.Directory]::CreateDirectory("$long/slices/v$i").FullName
            $parent = if ($i -gt 1) { """parents"": [""v$($i - 1)""], " }
            [System.IO.File]::WriteAllText("$folder/slice.json", "{ ""slice_version"": ""v$i"", $parent""exports"": [ { ""project"": ""a"", ""sha256"": ""$hash"" } ], ""harvest_version"": ""harvest@v1.0.0"" }")
        }
    }

    It 'can be stopped while it is read' {
        Stop-Command "Get-SliceHistory -Repository '$long' | ForEach-Object { Write-Information x; `$_ }" { param($shell) $shell.Streams.Information.Count -gt 0 } | Should -BeLessThan 1
    }

    It 'shows its first slice before the others are read' {
        # The oldest manifests are broken below what the order needs, so reading one is an error that can be seen.
        foreach ($i in 1..100) {
            $file = "$long/slices/v$i/slice.json"
            [System.IO.File]::WriteAllText($file, [System.IO.File]::ReadAllText($file).Replace('"harvest@v1.0.0"', '7'))
        }
        $first = Get-SliceHistory -Repository $long -ErrorAction SilentlyContinue -ErrorVariable faults | Select-Object -First 1
        $first.Version | Should -Be 'v3000'
        $faults | Should -BeNullOrEmpty
        $all = @(Get-SliceHistory -Repository $long -ErrorAction SilentlyContinue -ErrorVariable faults)
        $all.Count | Should -Be 2900
        $faults.Count | Should -Be 100
    }
}

Describe 'Select-Object -First' {
    It 'stops a command before the second item' {
        $many = 1..5 | ForEach-Object { New-TestExport "$TestDrive/many/$_.json" -Shift $_ }
        $null = $many | Add-Export -Project many -Repository $repository | Select-Object -First 1
        @(Get-Export many -Repository $repository).Count | Should -Be 1
    }
}

Describe 'Progress' {
    It 'tells rate and share, and goes away' {
        $shell = [powershell]::Create()
        try {
            $records = [System.Collections.Generic.List[object]]::new()
            $null = $shell.AddScript("Import-Module '$root/HarvestTools.psd1'; Get-ExportHash '$($large.FullName)' -Labels; Get-ExportHash '$($large.FullName)'")
            $null = $shell.Invoke()
            $records.AddRange($shell.Streams.Progress)
        } finally {
            $shell.Dispose()
        }
        # How much is shown depends on how fast the machine reads; what is shown goes away again.
        $shown = @($records | Where-Object RecordType -EQ Processing)
        $shown | ForEach-Object { $_.StatusDescription | Should -Match '^large\.json: .* of .*/s$' }
        $shown | ForEach-Object { $_.PercentComplete | Should -BeIn (0..100) }
        $gone = @($records | Where-Object RecordType -EQ Completed | ForEach-Object ActivityId)
        foreach ($id in $shown | ForEach-Object ActivityId) { $id | Should -BeIn $gone }
    }

    It 'comes with work without an end, and the work can be stopped' {
        if ($IsWindows) {
            Set-ItResult -Skipped -Because 'a file of this size takes its room on the disk here'
            return
        }

        # A hole, which takes no room and a minute to read.
        $hole = [System.IO.File]::Create("$TestDrive/zero")
        $hole.SetLength(200GB)
        $hole.Dispose()
        $script:status = $null
        $seconds = Stop-Command "Get-ExportHash -LiteralPath '$TestDrive/zero'" {
            param($shell)
            $script:status = $shell.Streams.Progress | Select-Object -Last 1 | ForEach-Object StatusDescription
            $script:status
        }
        $seconds | Should -BeLessThan 2
        $script:status | Should -Match '^zero: .* of .*/s$'
    }

    It 'does not come with quick work' {
        $small = New-TestExport "$TestDrive/small.json"
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$root/HarvestTools.psd1'; Get-ExportHash '$($small.FullName)' -Labels")
            $null = $shell.Invoke()
            @($shell.Streams.Progress).Where({ $_.Activity -like 'Hash*' }).Count | Should -Be 0
        } finally {
            $shell.Dispose()
        }
    }
}
