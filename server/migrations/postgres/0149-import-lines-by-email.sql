-- Returns look for the orders of their customer, who may be named by an address alone.
create index order_import_line_email on order_import_line (workspace_id, import_id, email);
